using System.Text.Json.Nodes;
using Cortex.Builtins;
using Cortex.Foundation.Model;
using Cortex.Governance.Audit;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Batches;

/// <summary>Batches, which MCP knew in 2025-03-26 alone.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-03-26/basic/transports#sending-messages-to-the-server"/></remarks>
internal sealed class BatchTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":"p","method":"ping"}""";
    private const string Notification = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private StringWriter _output = null!;
    private CaptureBackend _backend = null!;
    private NativeServer _native = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private TestPerson _bob = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _output = new SharedWriter();
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("write", "mcp:notes:write"));
        _native = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            backends:
              notes: { url: "{{_backend.Url}}", timeout: 5s }
              native: { kind: mcp, url: "{{_native.Url}}", timeout: 5s, idleTimeout: 5s, maxReplyBytes: 40000 }
            """,
            customize: builder => builder.Services.AddSingleton(new AuditOutput(TextWriter.Synchronized(_output))).AddSingleton<IBuiltin, FailingTool>());
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read mcp:native");
        _bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:notes:read mcp:native");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _gateway.DisposeAsync();
        await _native.DisposeAsync();
        await _backend.DisposeAsync();
        await _output.DisposeAsync();
    }

    [Test]
    public async Task Requests_are_answered_in_one_array_in_order_and_nothing_else_is()
    {
        _backend.Reply("read", """{"note":"hi"}""");
        var reply = await SendAsync(
            Ping,
            Notification,
            Call("c1", "notes_read"),
            """{"jsonrpc":"2.0","id":"somebodys","result":{}}""",
            Call("c2", "native_echo", """{"message":"native"}"""),
            Call("c3", "native_slow_progress", "{}", "\"_meta\":{\"progressToken\":1},"),
            """{"jsonrpc":"2.0","id":5,"method":"tools/list"}""");
        Assert.That((reply.Status, reply.MediaType), Is.EqualTo((200, "application/json")));
        Assert.That(JsonNode.Parse(reply.Body), Is.InstanceOf<JsonArray>());
        Assert.That(reply.Messages.Select(message => message["id"]!.ToJsonString()), Is.EqualTo(new[] { "\"p\"", "\"c1\"", "\"c2\"", "\"c3\"", "5" }));
        Assert.That((string)reply.Messages[1]["result"]!["structuredContent"]!["note"]!, Is.EqualTo("hi"));
        Assert.That((string)reply.Messages[2]["result"]!["content"]![0]!["text"]!, Is.EqualTo("native"));
        Assert.That((string)reply.Messages[3]["result"]!["content"]![0]!["text"]!, Is.EqualTo("Done."));
        Assert.That(reply.Messages[4]["result"]!["tools"]!.AsArray(), Is.Not.Empty);
        Assert.That(reply.Headers.Keys, Has.No.Member("Mcp-Session-Id"));
    }

    [Test]
    public async Task Each_element_has_a_record_of_its_own()
    {
        await SendAsync(Ping, Call("c1", "notes_read"), Notification, Call("c2", "no_such_tool"));
        await _gateway.App.StopAsync();
        var records = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!)
            .Where(record => (string)record["event"]! == "mcp.request")
            .Select(record => ((string?)record["method"], (string?)record["tool"], (string?)record["outcome"], (int)record["status"]!))
            .ToList();
        Assert.That(records, Is.EquivalentTo(new (string?, string?, string?, int)[]
        {
            ("ping", null, "ok", 200),
            ("tools/call", "notes_read", "ok", 200),
            ("notifications/initialized", null, "ok", 202),
            ("tools/call", null, "error", 200),
        }));
    }

    [Test]
    public async Task Batch_that_wants_no_answer_is_accepted()
    {
        var reply = await SendAsync(Notification, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        Assert.That((reply.Status, reply.Body), Is.EqualTo((202, "")));
    }

    [Test]
    public async Task Failure_of_one_element_is_its_own_answer_and_no_other()
    {
        _native.Intercept = (context, next) =>
        {
            if (!_native.Requests[^1].Body.Contains("broken", StringComparison.Ordinal))
                return next();
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":" """ + new string('x', 30_000))).AsTask();
        };
        var reply = await SendAsync(
            Call("scope", "notes_write"),
            """{"jsonrpc":"2.0","id":"i","method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{}}}""",
            """{"jsonrpc":"1.0","id":"v","method":"ping"}""",
            "17",
            """{"jsonrpc":"2.0","id":"m","method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"} } }""",
            Call("broken", "native_echo", """{"message":"broken"}"""),
            Ping);
        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(
            reply.Messages.Select(message => (message["id"]?.ToJsonString() ?? "null", (int?)message["error"]?["code"])),
            Is.EqualTo(new (string, int?)[]
            {
                ("\"scope\"", -32600), ("\"i\"", -32600), ("\"v\"", -32600), ("null", -32600), ("\"m\"", -32020), ("\"broken\"", -32603), ("\"p\"", null),
            }));
        Assert.That(reply.Headers.Keys, Has.No.Member("WWW-Authenticate").And.No.Member("Mcp-Session-Id"));
    }

    [Test]
    public async Task Request_at_which_the_gateway_fails_takes_no_other_answer()
    {
        var reply = await SendAsync(Ping, Call("w", "whoami"), Ping);

        Assert.That(reply.Messages.Select(message => (int?)message["error"]?["code"]), Is.EqualTo(new int?[] { null, -32603, null }));
        Assert.That((string)reply.Messages[1]["error"]!["message"]!, Does.Contain("its log says more"));
    }

    [Test]
    public async Task Answer_above_the_backends_limit_is_refused_alone([Values] bool streams)
    {
        _native.Intercept = (context, next) =>
        {
            if (!_native.Requests[^1].Body.Contains("large", StringComparison.Ordinal))
                return next();
            var id = JsonNode.Parse(_native.Requests[^1].Body)!["id"]!.ToJsonString();
            var message = $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"{{{new string('x', 50_000)}}}"}]}}""";
            context.Response.ContentType = streams ? "text/event-stream" : "application/json";
            return context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(streams ? $"data: {message}\n\n" : message)).AsTask();
        };
        var reply = await SendAsync(Call("l", "native_echo", """{"message":"large"}"""), Ping);
        Assert.That((string)reply.Messages[0]["error"]!["message"]!, Does.Contain("send this request by itself"));
        Assert.That(reply.Messages[1]["result"], Is.Not.Null);
    }

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Row("empty", "[]", null, 400, -32600, "empty");
        yield return Row("nested", $"[{Ping},[{Ping}]]", null, 400, -32600, "side by side");
        yield return Row("too many", $"[{string.Join(',', Enumerable.Repeat(Ping, 65))}]", null, 400, -32600, "64");
        yield return Row("cut off", $"[{Ping},", null, 400, -32700, "JSON");
        yield return Row("trailing", $"[{Ping}]x", null, 400, -32700, "follows");
        yield return Row("2025-06-18", $"[{Ping}]", "2025-06-18", 400, -32600, "2025-06-18");
        yield return Row("2025-11-25", $"[{Ping}]", "2025-11-25", 400, -32600, "one JSON-RPC object per request");
        yield return Row("2026-07-28", $"[{Ping}]", "2026-07-28", 400, -32600, "2026-07-28");
        yield return Row("unknown revision", $"[{Ping}]", "2024-11-05", 400, -32022, "2025-03-26");

        static TestCaseData Row(string what, string body, string? version, int status, int code, string text) =>
            new TestCaseData(body, version, status, code, text).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Batch_is_refused_whole(string body, string? version, int status, int code, string text)
    {
        var reply = await _alice.PostAsync(body, request =>
        {
            if (version is not null)
                request.Headers.Add("MCP-Protocol-Version", version);
        });
        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((status, code)), reply.Body);
        Assert.That((string)reply.Error["message"]!, Does.Contain(text));
    }

    [TestCase("2025-03-26", 200)]
    [TestCase("2025-06-18", 400)]
    [TestCase("2025-11-25", 400)]
    public async Task Revision_of_the_session_decides(string version, int status)
    {
        var session = await OpenAsync(_alice, version);
        var reply = await _alice.PostAsync($"[{Ping}]", request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.That(reply.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task Batch_in_a_session_of_another_person_is_not_found()
    {
        var session = await OpenAsync(_bob, "2025-03-26");
        var reply = await _alice.PostAsync($"[{Ping}]", request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.That(reply.Status, Is.EqualTo(404));
    }

    private static string Call(string id, string tool, string arguments = "{}", string meta = "") =>
        $$"""{"jsonrpc":"2.0","id":"{{id}}","method":"tools/call","params":{ {{meta}} "name":"{{tool}}","arguments":{{arguments}} } }""";

    private static async Task<string> OpenAsync(TestPerson person, string version)
    {
        var reply = await person.PostAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{version}}}","capabilities":{} } }""");
        return reply.Headers["Mcp-Session-Id"];
    }

    private Task<McpReply> SendAsync(params string[] messages) =>
        _alice.PostAsync($" [{string.Join(" , ", messages)}] ", request => request.Headers.Add("MCP-Protocol-Version", "2025-03-26"));

    /// <summary>A tool of the gateway's own that breaks.</summary>
    private sealed class FailingTool : IBuiltin
    {
        public string Name => BuiltinNames.WhoAmI;

        public byte[] Definition { get; } = """{"name":"whoami","inputSchema":{"type":"object"}}"""u8.ToArray();

        public ValueTask<BuiltinResult> CallAsync(BuiltinCall call, CancellationToken cancellationToken) => throw new InvalidOperationException("Broken.");
    }
}
