using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>The wire of <c>/mcp</c> in both eras: which request is answered how.</summary>
internal sealed class ProtocolTests
{
    private const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private CaptureBackend _backend = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private TestPerson _bob = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(
            CaptureBackend.Tool("write", "mcp:notes:write"),
            CaptureBackend.Tool("read", "mcp:notes:read"),
            CaptureBackend.Tool("audit", "mcp:notes:audit"),
            CaptureBackend.Tool("list_tools", "mcp:notes:read"),
            """{"name":"unscoped"}""",
            CaptureBackend.Tool(new string('x', 1025), "mcp:notes:read"));
        _gateway = await GatewayHost.StartAsync($$"""
            gateway: { maxBodyBytes: 20000, allowedOrigins: [https://claude.ai, "*.anthropic.com"] }
            identity: { plans: { basic: ["mcp:notes:read", "mcp:notes:write"] }, defaultPlan: basic }
            backends:
              notes: { kind: contract, url: "{{_backend.Url}}" }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read");
        _bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:notes:read mcp:notes:write mcp:notes:audit");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [TestCase("2025-03-26", "2025-03-26")]
    [TestCase("2025-06-18", "2025-06-18")]
    [TestCase("2025-11-25", "2025-11-25")]
    [TestCase("2024-11-05", "2025-11-25")]
    [TestCase("2026-07-28", "2025-11-25")]
    [TestCase("nonsense", "2025-11-25")]
    public async Task Initialize_agrees_on_a_legacy_version_and_opens_a_session(string asked, string agreed)
    {
        var reply = await _alice.PostAsync($$$"""{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"{{{asked}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"} } }""");
        Assert.That((string)reply.Result["protocolVersion"]!, Is.EqualTo(agreed));
        Assert.That((string)reply.Result["serverInfo"]!["name"]!, Is.EqualTo("cortex-gateway"));
        Assert.That(reply.Result["capabilities"]!["tools"], Is.Not.Null);
        Assert.That(reply.Headers["Mcp-Session-Id"], Has.Length.EqualTo(43));
        Assert.That(reply.Result.ContainsKey("resultType"), Is.False);
    }

    [Test]
    public async Task Legacy_session_lives_from_initialize_to_delete()
    {
        var session = await OpenSessionAsync(_alice);
        Assert.That((await _alice.LegacyAsync("notifications/initialized", session: session)).Status, Is.EqualTo(202));
        Assert.That((await _alice.LegacyAsync("ping", session: session)).Result, Is.Empty);
        Assert.That((await _alice.LegacyAsync("tools/list", session: session)).ToolNames, Is.EqualTo(new[] { "notes_read" }));
        Assert.That((await DeleteAsync(_alice, session)).Status, Is.EqualTo(204));
        Assert.That((await _alice.LegacyAsync("ping", session: session)).Status, Is.EqualTo(404));
        Assert.That((await DeleteAsync(_alice, session)).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Session_of_another_person_is_not_found()
    {
        var session = await OpenSessionAsync(_alice);
        Assert.That((await _bob.LegacyAsync("ping", session: session)).Status, Is.EqualTo(404));
        Assert.That((await DeleteAsync(_bob, session)).Status, Is.EqualTo(404));
        Assert.That((await _alice.LegacyAsync("ping", session: session)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Legacy_request_without_a_session_is_served_statelessly() =>
        Assert.That((await _alice.LegacyAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "notes_read" }));

    [Test]
    public async Task Discover_tells_versions_and_capabilities()
    {
        var reply = await _alice.ModernAsync("server/discover");
        Assert.That(reply.Result["supportedVersions"]!.AsArray().Select(version => (string)version!), Is.EqualTo(new[] { "2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26" }));
        Assert.That((string)reply.Result["resultType"]!, Is.EqualTo("complete"));
        Assert.That((string)reply.Result["cacheScope"]!, Is.EqualTo("private"));
        Assert.That((long)reply.Result["ttlMs"]!, Is.GreaterThanOrEqualTo(0));
        Assert.That((string)reply.Result["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]!, Is.EqualTo("cortex-gateway"));
        Assert.That(reply.Headers.Keys, Has.No.Member("Mcp-Session-Id"));
    }

    private static IEnumerable<TestCaseData> ModernRejections()
    {
        yield return Row("header of an unknown version", 400, -32022, r => r.Version = "2099-01-01");
        yield return Row("header missing", 400, -32020, r => r.Version = null);
        yield return Row("header legacy, meta modern", 400, -32020, r => r.Version = "2025-11-25");
        yield return Row("meta version missing", 400, -32602, r => r.Body = r.Body.Replace("\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",", ""));
        yield return Row("meta version unknown", 400, -32020, r => r.Body = r.Body.Replace("\"2026-07-28\"", "\"2031-01-01\""));
        yield return Row("capabilities missing", 400, -32602, r => r.Body = r.Body.Replace(",\"io.modelcontextprotocol/clientCapabilities\":{}", ""));
        yield return Row("capabilities no object", 400, -32602, r => r.Body = r.Body.Replace("clientCapabilities\":{}", "clientCapabilities\":[]"));
        yield return Row("method header missing", 400, -32020, r => r.Method = null);
        yield return Row("method header differs", 400, -32020, r => r.Method = "tools/list");
        yield return Row("name header missing", 400, -32020, r => r.Name = null);
        yield return Row("name header differs", 400, -32020, r => r.Name = "notes_write");
        yield return Row("name header broken", 400, -32020, r => r.Name = "=?base64?%%%?=");
        yield return Row("method unknown", 404, -32601, r => (r.Method, r.Body) = ("no/such", r.Body.Replace("tools/call", "no/such")));
        yield return Row("method of the other era", 404, -32601, r => (r.Method, r.Body) = ("ping", r.Body.Replace("tools/call", "ping")));
        yield return Row("initialize", 404, -32601, r => (r.Method, r.Body) = ("initialize", r.Body.Replace("tools/call", "initialize")));
        yield return Row("unknown tool", 200, -32602, r => (r.Name, r.Body) = ("notes_x", r.Body.Replace("notes_read", "notes_x")));
        yield return Row("arguments no object", 200, -32602, r => r.Body = r.Body.Replace("\"arguments\":{}", "\"arguments\":[1]"));

        static TestCaseData Row(string what, int status, int code, Action<ModernRequest> change) =>
            new TestCaseData(status, code, change).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(ModernRejections))]
    public async Task Modern_request_is_refused(int status, int code, Action<ModernRequest> change)
    {
        var request = new ModernRequest();
        change(request);
        var reply = await request.SendAsync(_alice);
        Assert.That(reply.Status, Is.EqualTo(status), reply.Body);
        Assert.That(reply.ErrorCode, Is.EqualTo(code), reply.Body);
        Assert.That((int)reply.Answer["id"]!, Is.EqualTo(5));
        if (code == -32022)
            Assert.That(reply.Error["data"]!["supported"]!.AsArray().Select(version => (string)version!), Has.Member("2026-07-28"));
    }

    [Test]
    public async Task Modern_request_is_served_and_a_session_id_ignored()
    {
        _backend.Reply("read", "{}");
        var reply = await _alice.ModernAsync("tools/call", new JsonObject { ["name"] = "notes_read" }, request =>
        {
            request.Headers.Remove("Mcp-Name");
            request.Headers.Add("Mcp-Name", "=?base64?bm90ZXNfcmVhZA==?=");
            request.Headers.Add("Mcp-Session-Id", "somebody-elses");
        });
        Assert.That((string)reply.Result["resultType"]!, Is.EqualTo("complete"));
    }

    [TestCase("", -32700)]
    [TestCase("{", -32700)]
    [TestCase("{} trailing", -32700)]
    [TestCase("[]", -32600)]
    [TestCase("\"x\"", -32600)]
    [TestCase("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"notes_read","n\u0061me":"notes_write"}}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""", -32602)]
    public async Task Malformed_message_is_refused(string body, int code)
    {
        var reply = await _alice.PostAsync(body);
        Assert.That(reply.Status, Is.EqualTo(400));
        Assert.That(reply.ErrorCode, Is.EqualTo(code));
        Assert.That(_backend.Calls("write"), Is.Empty);
    }

    [Test]
    public async Task Deeply_nested_message_is_refused()
    {
        var bomb = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));
        Assert.That((await _alice.PostAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":{{{bomb}}}}}""")).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task Message_above_the_limit_is_refused([Values] bool chunked)
    {
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"{{{new string('a', 20001)}}}"}}""";
        var reply = await _alice.PostAsync(body, request => request.Headers.TransferEncodingChunked = chunked);
        Assert.That(reply.Status, Is.EqualTo(413));
    }

    [Test]
    public async Task Body_that_is_not_json_by_its_content_type_is_refused()
    {
        var reply = await _alice.PostAsync("{}", request => request.Content!.Headers.ContentType = new("text/plain"));
        Assert.That(reply.Status, Is.EqualTo(415));
    }

    [Test]
    public async Task ToolsList_shows_what_the_scopes_allow_in_order_of_names([Values] bool modern)
    {
        var alice = modern ? await _alice.ModernAsync("tools/list") : await _alice.LegacyAsync("tools/list");
        var bob = modern ? await _bob.ModernAsync("tools/list") : await _bob.LegacyAsync("tools/list");
        Assert.That(alice.ToolNames, Is.EqualTo(new[] { "notes_read" }));
        Assert.That(bob.ToolNames, Is.EqualTo(new[] { "notes_read", "notes_write" }), "the plan takes mcp:notes:audit away");
    }

    [Test]
    public async Task ToolsCall_without_scope_is_403_naming_the_scope([Values] bool modern)
    {
        var reply = await _alice.CallAsync("notes_write", modern: modern);
        Assert.That(reply.Status, Is.EqualTo(403));
        var scope = modern ? "mcp:notes:write" : "mcp:notes:read mcp:notes:write";
        Assert.That(reply.Headers["WWW-Authenticate"], Does.StartWith("Bearer error=\"insufficient_scope\"")
            .And.Contain($"scope=\"{scope}\"")
            .And.Contain($"resource_metadata=\"{_gateway.Url}/.well-known/oauth-protected-resource/mcp\""));
        Assert.That((string)reply.Error["message"]!, Does.Contain("mcp:notes:write"));
        Assert.That(_backend.Calls("write"), Is.Empty);
    }

    [Test]
    public async Task ToolsCall_outside_the_plan_is_a_tool_result_and_no_challenge()
    {
        var reply = await _bob.CallAsync("notes_audit");
        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(reply.IsToolError);
        Assert.That(reply.Text, Does.Contain("plan 'basic'"));
        Assert.That(reply.Headers.Keys, Has.No.Member("WWW-Authenticate"));
    }

    [TestCase("https://claude.ai", 200)]
    [TestCase("https://console.anthropic.com", 200)]
    [TestCase("https://evil.example", 403)]
    [TestCase("https://anthropic.com.evil.example", 403)]
    [TestCase("http://console.anthropic.com", 403)]
    [TestCase("null", 403)]
    public async Task Origin_decides_whether_a_page_may_call(string origin, int status)
    {
        var reply = await _alice.LegacyAsync("ping", origin: origin);
        Assert.That(reply.Status, Is.EqualTo(status));
        if (status != 200)
            return;
        Assert.That(reply.Headers["Access-Control-Allow-Origin"], Is.EqualTo(origin));
        Assert.That(reply.Headers["Access-Control-Expose-Headers"], Does.Contain("WWW-Authenticate").And.Contain("Mcp-Session-Id"));
    }

    [TestCase("/MCP")]
    [TestCase("/Mcp/")]
    [TestCase("/mcp/")]
    [TestCase("/%6dcp")]
    [TestCase("/mCp/toolset")]
    public async Task Foreign_page_does_not_get_in_by_another_spelling_of_the_path(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.Url + path))
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Origin", "https://evil.example");
        using var reply = await _alice.Http.SendAsync(request);
        Assert.That((int)reply.StatusCode, Is.EqualTo(403));
    }

    [Test]
    public async Task Body_that_breaks_the_rules_of_http_is_the_clients_error()
    {
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync("localhost", new Uri(_gateway.Url).Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_alice.AccessToken}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"));
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadLineAsync(), Does.Contain("400"));
    }

    [Test]
    public async Task Preflight_of_an_allowed_page_is_answered_without_a_token()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Options, _gateway.McpUrl);
        request.Headers.Add("Origin", "https://claude.ai");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,mcp-protocol-version,mcp-method");
        using var reply = await http.SendAsync(request);
        Assert.That((int)reply.StatusCode, Is.EqualTo(204));
        Assert.That(reply.Headers.GetValues("Access-Control-Allow-Headers").Single(), Does.Contain("mcp-protocol-version"));
    }

    [Test]
    public async Task Unknown_toolset_is_not_found()
    {
        using var body = new StringContent("{}");
        using var reply = await _alice.Http.PostAsync(new Uri("/mcp/nothing", UriKind.Relative), body);
        Assert.That((int)reply.StatusCode, Is.EqualTo(401).Or.EqualTo(404));
    }

    private static async Task<string> OpenSessionAsync(TestPerson person)
    {
        var reply = await person.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject() });
        return reply.Headers["Mcp-Session-Id"];
    }

    private async Task<McpReply> DeleteAsync(TestPerson person, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, _gateway.McpUrl);
        request.Headers.Add("Mcp-Session-Id", session);
        return await McpReply.ReadAsync(await person.Http.SendAsync(request));
    }

    /// <summary>A modern call that a row of the table spoils.</summary>
    internal sealed class ModernRequest
    {
        public string? Version { get; set; } = "2026-07-28";

        public string? Method { get; set; } = "tools/call";

        public string? Name { get; set; } = "notes_read";

        public string Body { get; set; } = $$"""{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"notes_read","arguments":{},{{Meta}} } }""";

        public Task<McpReply> SendAsync(TestPerson person) => person.PostAsync(Body, request =>
        {
            if (Version is not null)
                request.Headers.Add("MCP-Protocol-Version", Version);
            if (Method is not null)
                request.Headers.Add("Mcp-Method", Method);
            if (Name is not null)
                request.Headers.Add("Mcp-Name", Name);
        });
    }
}
