using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Which request is served under which era, and which is refused how: every row of the two tables that a server of both eras keeps.</summary>
/// <remarks>
/// <see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning"/>,
/// <see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-validation"/>
/// </remarks>
internal sealed class DecisionTableTests
{
    private const string ReadName = "\"name\":\"docs_read\",\"arguments\":{}";
    private const string Initialize = """ "protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"} """;

    private CaptureBackend _backend = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private TestPerson _bob = null!;
    private readonly Dictionary<string, string> _sessions = [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(CaptureBackend.Tool("read", "mcp:docs:read"), CaptureBackend.Tool("write", "mcp:docs:read"));
        _backend.Reply("list_prompts", """{"prompts":[{"name":"review","scope":"mcp:docs:read"}]}""");
        _backend.Reply("list_resource_templates", """{"resourceTemplates":[{"uriTemplate":"docs://{id}","name":"doc","scope":"mcp:docs:read"}]}""");
        _backend.Reply("get_prompt", """{"messages":[{"role":"user","content":{"type":"text","text":"hi"}}]}""");
        _backend.Reply("read_resource", """{"contents":[{"uri":"docs://a","text":"A"}]}""");
        _gateway = await GatewayHost.StartAsync($$"""
            paging: { pageSize: 1 }
            backends: { docs: { url: "{{_backend.Url}}" } }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:docs:read");
        _bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:docs:read");
        _sessions["own"] = await OpenAsync(_alice, "2025-11-25");
        _sessions["own-old"] = await OpenAsync(_alice, "2025-03-26");
        _sessions["foreign"] = await OpenAsync(_bob, "2025-11-25");
        _sessions["ended"] = await OpenAsync(_alice, "2025-11-25");
        Assert.That((await new WireCase("", 204) { HttpMethod = HttpMethod.Delete, Session = "ended" }.SendAsync(_alice, _gateway.McpUrl, Session)).Status, Is.EqualTo(204));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    /// <summary>The decision table: token and origin, batches, version, modern, initialize, session, none.</summary>
    private static IEnumerable<WireCase> Decisions() =>
    [
        new("1 no token, legacy", 401) { Body = WireCase.LegacyBody("ping"), HasToken = false, Headers = ["WWW-Authenticate"], Id = null },
        new("1 no token, modern", 401) { Body = WireCase.ModernBody("tools/list"), Version = WireCase.Modern, McpMethod = "tools/list", HasToken = false, Headers = ["WWW-Authenticate"], Id = null },
        new("1 no token, malformed", 401) { Body = "{", HasToken = false, Headers = ["WWW-Authenticate"], Id = null },
        new("1 no token, GET", 401) { HttpMethod = HttpMethod.Get, HasToken = false, Headers = ["WWW-Authenticate"], Id = null },
        new("1 no token, DELETE", 401) { HttpMethod = HttpMethod.Delete, Session = "own", HasToken = false, Headers = ["WWW-Authenticate"], Id = null },
        new("1 foreign origin, legacy", 403) { Body = WireCase.LegacyBody("ping"), Origin = "https://evil.example", Id = null },
        new("1 foreign origin, modern", 403) { Body = WireCase.ModernBody("tools/list"), Version = WireCase.Modern, McpMethod = "tools/list", Origin = "https://evil.example", Id = null },
        new("1 foreign origin, GET", 403) { HttpMethod = HttpMethod.Get, Origin = "https://evil.example", Id = null },
        new("1 foreign origin before the token", 403) { Body = WireCase.LegacyBody("ping"), Origin = "https://evil.example", HasToken = false, Id = null },

        new("2 no JSON", 400, -32700) { Body = "{", Id = "null" },
        new("2 no JSON-RPC", 400, -32600) { Body = """{"jsonrpc":"1.0","id":"r-1","method":"ping"}""" },
        new("2 batch of 2025-03-26", 200) { Body = $"[{WireCase.LegacyBody("ping")}]", Version = "2025-03-26" },
        new("2 batch without a version", 200) { Body = $"[{WireCase.LegacyBody("ping")}]" },
        new("2 batch in a session of 2025-03-26", 200) { Body = $"[{WireCase.LegacyBody("ping")}]", Session = "own-old" },
        new("2 batch in a session of 2025-11-25", 400, -32600) { Body = $"[{WireCase.LegacyBody("ping")}]", Session = "own", Id = "null" },
        new("2 batch of 2025-06-18", 400, -32600) { Body = $"[{WireCase.LegacyBody("ping")}]", Version = "2025-06-18", Id = "null" },
        new("2 batch of 2026-07-28", 400, -32600) { Body = $"[{WireCase.ModernBody("tools/list")}]", Version = WireCase.Modern, Id = "null" },

        new("3 version before our time", 400, -32022) { Body = WireCase.LegacyBody("ping"), Version = "2024-11-05", Says = ["\"requested\":\"2024-11-05\"", "\"supported\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\"]"] },
        new("3 version of the future", 400, -32022) { Body = WireCase.ModernBody("tools/list").Replace("2026-07-28", "2027-01-01", StringComparison.Ordinal), Version = "2027-01-01", McpMethod = "tools/list", Says = ["\"requested\":\"2027-01-01\""] },
        new("3 version is nonsense", 400, -32022) { Body = WireCase.LegacyBody("ping"), Version = "1" },
        new("3 unknown version on initialize", 400, -32022) { Body = WireCase.LegacyBody("initialize", Initialize), Version = "2031-01-01", NoHeaders = ["Mcp-Session-Id"] },
        new("3 unknown version in _meta alone", 400, -32022) { Body = WireCase.ModernBody("tools/list").Replace("2026-07-28", "2027-01-01", StringComparison.Ordinal) },

        new("4 modern", 200) { Body = WireCase.ModernBody("tools/list"), Version = WireCase.Modern, McpMethod = "tools/list", Says = ["\"resultType\":\"complete\"", "\"ttlMs\":", "\"cacheScope\":"], NoHeaders = ["Mcp-Session-Id"] },
        new("4 modern, session id ignored", 200) { Body = WireCase.ModernBody("tools/list"), Version = WireCase.Modern, McpMethod = "tools/list", Session = "no-such-session", NoHeaders = ["Mcp-Session-Id"] },
        new("4 modern, session of another person ignored", 200) { Body = WireCase.ModernBody("tools/list"), Version = WireCase.Modern, McpMethod = "tools/list", Session = "foreign", NoHeaders = ["Mcp-Session-Id"] },
        new("4 modern notification", 202) { Body = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""", Version = WireCase.Modern, Id = null },
        new("4 modern response", 400, -32600) { Body = """{"jsonrpc":"2.0","id":"r-1","result":{}}""", Version = WireCase.Modern, Id = "null" },
        new("4 legacy method initialize", 404, -32601) { Body = WireCase.ModernBody("initialize", Initialize), Version = WireCase.Modern, McpMethod = "initialize", Says = ["2025-11-25"], NoHeaders = ["Mcp-Session-Id"] },
        new("4 legacy method ping", 404, -32601) { Body = WireCase.ModernBody("ping"), Version = WireCase.Modern, McpMethod = "ping", Says = ["2025-11-25"] },
        new("4 legacy method logging/setLevel", 404, -32601) { Body = WireCase.ModernBody("logging/setLevel", "\"level\":\"info\""), Version = WireCase.Modern, McpMethod = "logging/setLevel" },
        new("4 legacy method resources/subscribe", 404, -32601) { Body = WireCase.ModernBody("resources/subscribe", "\"uri\":\"docs://a\""), Version = WireCase.Modern, McpMethod = "resources/subscribe" },
        new("4 legacy method resources/unsubscribe", 404, -32601) { Body = WireCase.ModernBody("resources/unsubscribe", "\"uri\":\"docs://a\""), Version = WireCase.Modern, McpMethod = "resources/unsubscribe" },

        new("5 initialize", 200) { Body = WireCase.LegacyBody("initialize", Initialize), Headers = ["Mcp-Session-Id"], Says = ["\"protocolVersion\":\"2025-11-25\""] },
        new("5 initialize with a legacy header", 200) { Body = WireCase.LegacyBody("initialize", Initialize), Version = "2025-06-18", Headers = ["Mcp-Session-Id"] },
        new("5 initialize asking for a modern version", 200) { Body = WireCase.LegacyBody("initialize", Initialize.Replace("2025-11-25", "2026-07-28", StringComparison.Ordinal)), Headers = ["Mcp-Session-Id"], Says = ["\"protocolVersion\":\"2025-11-25\""] },
        new("5 initialize with an old session", 200) { Body = WireCase.LegacyBody("initialize", Initialize), Session = "ended", Headers = ["Mcp-Session-Id"] },

        new("6 session", 200) { Body = WireCase.LegacyBody("ping"), Version = "2025-11-25", Session = "own" },
        new("6 session without a version", 200) { Body = WireCase.LegacyBody("ping"), Session = "own" },
        new("6 session that is not there", 404, -32600) { Body = WireCase.LegacyBody("ping"), Session = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
        new("6 session id that is none", 404, -32600) { Body = WireCase.LegacyBody("ping"), Session = "../../etc" },
        new("6 session that was ended", 404, -32600) { Body = WireCase.LegacyBody("ping"), Session = "ended" },
        new("6 session of another person", 404, -32600) { Body = WireCase.LegacyBody("ping"), Session = "foreign" },
        new("6 notification in a session", 202) { Body = """{"jsonrpc":"2.0","method":"notifications/initialized"}""", Session = "own", Id = null },
        new("6 response that nobody waits for", 400, -32600) { Body = """{"jsonrpc":"2.0","id":"r-1","result":{}}""", Session = "own", Id = "null" },

        new("7 list without a session", 200) { Body = WireCase.LegacyBody("tools/list"), Says = ["docs_read"], NoHeaders = ["Mcp-Session-Id"] },
        new("7 call without a session", 200) { Body = WireCase.LegacyBody("tools/call", ReadName), Version = "2025-06-18", Says = ["structuredContent"], NoHeaders = ["Mcp-Session-Id"] },
        new("7 get without a session", 200) { Body = WireCase.LegacyBody("prompts/get", "\"name\":\"docs_review\""), Version = "2025-11-25", Says = ["messages"], NoHeaders = ["Mcp-Session-Id"] },
        new("7 read without a session", 200) { Body = WireCase.LegacyBody("resources/read", "\"uri\":\"docs://a\""), Says = ["contents"], NoHeaders = ["Mcp-Session-Id"] },
        new("7 unknown method without a session", 200, -32601) { Body = WireCase.LegacyBody("no/such") },
        new("7 unknown resource without a session", 200, -32002) { Body = WireCase.LegacyBody("resources/read", "\"uri\":\"nowhere://a\"") },
        new("7 modern method without a modern mark", 200, -32601) { Body = WireCase.LegacyBody("server/discover") },

        new("GET, modern", 405) { HttpMethod = HttpMethod.Get, Version = WireCase.Modern, Session = "own", Headers = ["Allow"], Id = null },
        new("DELETE, modern", 405) { HttpMethod = HttpMethod.Delete, Version = WireCase.Modern, Session = "own", Headers = ["Allow"], Id = null },
        new("DELETE without a session", 400) { HttpMethod = HttpMethod.Delete, Id = null },
        new("DELETE of a session of another person", 404) { HttpMethod = HttpMethod.Delete, Session = "foreign", Id = null },
        new("DELETE of an ended session", 404) { HttpMethod = HttpMethod.Delete, Session = "ended", Id = null },
        new("PUT", 405) { HttpMethod = HttpMethod.Put, Body = WireCase.LegacyBody("ping"), Headers = ["Allow"], Id = null },
    ];

    /// <summary>The rejections of the modern era, each with the request's id.</summary>
    private static IEnumerable<WireCase> Rejections()
    {
        var call = new WireCase("", 400) { Body = WireCase.ModernBody("tools/call", ReadName), Version = WireCase.Modern, McpMethod = "tools/call", McpName = "docs_read" };
        WireCase Row(string name, int status, int code, Func<WireCase, WireCase> change) => change(call) with { Name = name, Status = status, Code = code, NoHeaders = ["Mcp-Session-Id"] };
        yield return Row("_meta missing", 400, -32602, row => row with { Body = WireCase.ModernBody("tools/call", ReadName, meta: "") });
        yield return Row("_meta without version", 400, -32602, row => row with { Body = Without(row, "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",") });
        yield return Row("_meta with a version that is no text", 400, -32602, row => row with { Body = row.Body!.Replace("\"2026-07-28\"", "20260728", StringComparison.Ordinal) });
        yield return Row("_meta without capabilities", 400, -32602, row => row with { Body = Without(row, ",\"io.modelcontextprotocol/clientCapabilities\":{}") });
        yield return Row("_meta with capabilities that are no object", 400, -32602, row => row with { Body = row.Body!.Replace("clientCapabilities\":{}", "clientCapabilities\":null", StringComparison.Ordinal) });
        yield return Row("_meta that is no object", 400, -32602, row => row with { Body = WireCase.ModernBody("tools/call", ReadName, meta: "\"_meta\":[]") });
        yield return Row("version header missing", 400, -32020, row => row with { Version = null });
        yield return Row("version header of another era", 400, -32020, row => row with { Version = "2025-11-25" });
        yield return Row("version of _meta of another era", 400, -32020, row => row with { Body = row.Body!.Replace("2026-07-28", "2025-11-25", StringComparison.Ordinal) });
        yield return Row("version of _meta unknown", 400, -32020, row => row with { Body = row.Body!.Replace("2026-07-28", "2031-01-01", StringComparison.Ordinal) });
        yield return Row("version unknown", 400, -32022, row => row with { Version = "2031-01-01", Says = ["\"requested\":\"2031-01-01\"", "\"supported\":[\"2026-07-28\""] });
        yield return Row("method header missing", 400, -32020, row => row with { McpMethod = null });
        yield return Row("method header differs", 400, -32020, row => row with { McpMethod = "tools/list" });
        yield return Row("method header in capitals", 400, -32020, row => row with { McpMethod = "TOOLS/CALL" });
        yield return Row("name header missing on tools/call", 400, -32020, row => row with { McpName = null });
        yield return Row("name header differs on tools/call", 400, -32020, row => row with { McpName = "docs_write" });
        yield return Row("name header with broken base64", 400, -32020, row => row with { McpName = "=?base64?%%%?=" });
        yield return Row("name header with base64 without padding", 400, -32020, row => row with { McpName = "=?base64?ZG9jc19yZWFkMQ?=" });
        yield return Row("name header missing on prompts/get", 400, -32020, row => row with { Body = WireCase.ModernBody("prompts/get", "\"name\":\"docs_review\""), McpMethod = "prompts/get", McpName = null });
        yield return Row("name header differs on prompts/get", 400, -32020, row => row with { Body = WireCase.ModernBody("prompts/get", "\"name\":\"docs_review\""), McpMethod = "prompts/get", McpName = "x" });
        yield return Row("name header missing on resources/read", 400, -32020, row => row with { Body = WireCase.ModernBody("resources/read", "\"uri\":\"docs://a\""), McpMethod = "resources/read", McpName = null });
        yield return Row("name header differs on resources/read", 400, -32020, row => row with { Body = WireCase.ModernBody("resources/read", "\"uri\":\"docs://a\""), McpMethod = "resources/read", McpName = "docs://b" });
        yield return Row("method unknown", 404, -32601, row => row with { Body = WireCase.ModernBody("no/such"), McpMethod = "no/such", McpName = null });
        yield return Row("unknown resource", 200, -32602, row => row with { Body = WireCase.ModernBody("resources/read", "\"uri\":\"nowhere://a\""), McpMethod = "resources/read", McpName = "nowhere://a" });
        yield return Row("unknown tool", 200, -32602, row => row with { Body = WireCase.ModernBody("tools/call", "\"name\":\"no_such\""), McpName = "no_such" });
        yield return Row("unknown prompt", 200, -32602, row => row with { Body = WireCase.ModernBody("prompts/get", "\"name\":\"no_such\""), McpMethod = "prompts/get", McpName = "no_such" });
        yield return Row("cursor that is none", 200, -32602, row => row with { Body = WireCase.ModernBody("tools/list", "\"cursor\":\"docs_read\""), McpMethod = "tools/list", McpName = null });
        yield return Row("cursor that is no text", 200, -32602, row => row with { Body = WireCase.ModernBody("tools/list", "\"cursor\":7"), McpMethod = "tools/list", McpName = null });

        static string Without(WireCase row, string text) => row.Body!.Replace(text, "", StringComparison.Ordinal);
    }

    [TestCaseSource(nameof(Decisions))]
    [TestCaseSource(nameof(Rejections))]
    public async Task Request_is_answered_as_the_table_says(WireCase row)
    {
        var reply = await row.SendAsync(_alice, _gateway.McpUrl, Session);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(row.Status), reply.Body);
            if (row.Id is not null)
                Assert.That(reply.Answer["id"]?.ToJsonString() ?? "null", Is.EqualTo(row.Id), reply.Body);
            if (row.Code is not null)
                Assert.That(reply.ErrorCode, Is.EqualTo(row.Code), reply.Body);
            else
                Assert.That(reply.Messages.Select(message => message["error"]), Is.All.Null, reply.Body);
            foreach (var text in row.Says)
                Assert.That(reply.Body, Does.Contain(text));
            Assert.That(reply.Headers.Keys, Is.SupersetOf(row.Headers));
            foreach (var header in row.NoHeaders)
                Assert.That(reply.Headers.Keys, Has.None.EqualTo(header).IgnoreCase);
        }
    }

    [Test]
    public async Task Cursor_of_another_person_is_refused([Values] bool modern)
    {
        var cursor = (string)(await ListAsync(_bob, modern, null)).Result["nextCursor"]!;
        Assert.That((await ListAsync(_alice, modern, cursor)).ErrorCode, Is.EqualTo(-32602));
        Assert.That((await ListAsync(_bob, modern, cursor)).ToolNames, Is.EqualTo(new[] { "docs_write" }));
    }

    [Test]
    public async Task Cursor_of_another_list_is_refused([Values] bool modern)
    {
        var cursor = (string)(await ListAsync(_alice, modern, null)).Result["nextCursor"]!;
        Assert.That((await ListAsync(_alice, modern, cursor, "prompts/list")).ErrorCode, Is.EqualTo(-32602));
    }

    private static Task<McpReply> ListAsync(TestPerson person, bool modern, string? cursor, string method = "tools/list")
    {
        var parameters = cursor is null ? new JsonObject() : new JsonObject { ["cursor"] = cursor };
        return modern ? person.ModernAsync(method, parameters) : person.LegacyAsync(method, parameters);
    }

    private string Session(string name) => _sessions.GetValueOrDefault(name, name);

    private static async Task<string> OpenAsync(TestPerson person, string version)
    {
        var reply = await person.PostAsync(WireCase.LegacyBody("initialize", Initialize.Replace("2025-11-25", version, StringComparison.Ordinal)));
        return reply.Headers["Mcp-Session-Id"];
    }
}
