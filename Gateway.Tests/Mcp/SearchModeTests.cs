using System.Text.Json.Nodes;
using Cortex.Catalog.Search;
using Cortex.Governance.Audit;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Listing cut down, finding and calling what was found, by clients of both eras.</summary>
internal sealed class SearchModeTests
{
    private const string NativeTools = """
        [{"name":"query","description":"Ask the warehouse.","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"sql":{"type":"string"}}},
          "outputSchema":{"type":"object","properties":{"rows":{"type":"array"}}},"vendor":{"kept":true}}]
        """;

    private StringWriter _output = null!;
    private CaptureBackend _notes = null!;
    private NativeServer _native = null!;
    private NativeServer _old = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _output = new SharedWriter();
        _notes = await CaptureBackend.StartAsync();
        _notes.ListTools(CaptureBackend.Tool("read", "mcp:notes:read", ("id", "string")), CaptureBackend.Tool("write", "mcp:notes:write", ("text", "string")));
        _native = await NativeServer.StartAsync(NativeEra.Modern);
        _native.Intercept = AnswerAsync;
        _old = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            search: { pinned: ["old_item_0*"] }
            backends:
              notes: { url: "{{_notes.Url}}" }
              native: { kind: mcp, url: "{{_native.Url}}" }
              old: { kind: mcp, url: "{{_old.Url}}" }
            """,
            customize: builder => builder.Services.AddSingleton(new AuditOutput(TextWriter.Synchronized(_output))),
            builtins: true);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read mcp:native mcp:old");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _old.DisposeAsync();
        await _native.DisposeAsync();
        await _notes.DisposeAsync();
        await _output.DisposeAsync();
    }

    [Test]
    public async Task List_is_whole_unless_asked_otherwise_and_never_holds_what_scopes_forbid([Values] bool modern)
    {
        var whole = await ListAsync(modern, null);
        var cut = await ListAsync(modern, "search");

        Assert.That(whole.ToolNames, Has.Member("notes_read").And.No.Member("find_tools").And.No.Member("call_tool").And.No.Member("notes_write"));
        Assert.That((await ListAsync(modern, "full")).ToolNames, Is.EqualTo(whole.ToolNames));
        Assert.That(cut.ToolNames, Is.EquivalentTo(whole.ToolNames.Append("find_tools").Append("call_tool")));
        Assert.That(Schema(cut, "old_echo").Count, Is.EqualTo(1), "compact");
        Assert.That(Schema(cut, "old_item_01").Count, Is.GreaterThan(1), "pinned");
        Assert.That(Schema(cut, "report_missing_capability").Count, Is.GreaterThan(1), "the gateway's own");
        Assert.That(Schema(cut, "native_query")["properties"], Is.Not.Null, "a tool that wants headers is listed with what they are");
    }

    [Test]
    public async Task Mode_that_is_none_is_told([Values] bool modern)
    {
        var reply = await ListAsync(modern, "find");
        Assert.That(reply.ErrorCode, Is.EqualTo(-32602));
        Assert.That((string)reply.Error["message"]!, Does.Contain(ToolModes.Header).And.Contain("'search'"));
    }

    [Test]
    public async Task Found_tools_come_whole_and_forbidden_ones_do_not_exist([Values] bool modern)
    {
        var found = (await _alice.CallAsync("find_tools", new JsonObject { ["query"] = "ask the warehouse" }, modern)).Result["structuredContent"]!;
        var hidden = (await _alice.CallAsync("find_tools", new JsonObject { ["query"] = "The tool write. notes_write text", ["limit"] = 20 }, modern)).Result["structuredContent"]!;
        var named = (await _alice.CallAsync("find_tools", new JsonObject { ["names"] = new JsonArray("notes_write", "old_echo", "no_such", "old_echo") }, modern)).Result["structuredContent"]!;
        var none = (await _alice.CallAsync("find_tools", new JsonObject { ["query"] = "zzqq" }, modern)).Result["structuredContent"]!;

        Assert.That((string)found["tools"]![0]!["name"]!, Is.EqualTo("native_query"));
        Assert.That((bool)found["tools"]![0]!["vendor"]!["kept"]!, "with all that the server said");
        Assert.That(found["tools"]![0]!["outputSchema"]!["properties"]!["rows"], Is.Not.Null);
        Assert.That(Names(hidden), Has.No.Member("notes_write"));
        Assert.That(Names(named), Is.EqualTo(new[] { "old_echo" }));
        Assert.That(named["unknown"]!.AsArray().Select(name => (string)name!), Is.EqualTo(new[] { "notes_write", "no_such" }), "alike");
        Assert.That(Names(none), Is.Empty);
        Assert.That((string)none["note"]!, Does.Contain("report_missing_capability"));
    }

    [TestCase("{}", "'query'")]
    [TestCase("""{"query":"x","names":["y"]}""", "not both")]
    [TestCase("""{"query":" ?! "}""", "a word")]
    [TestCase("""{"query":7}""", "'query'")]
    [TestCase("""{"query":"x","limit":0}""", "1 to 20")]
    [TestCase("""{"query":"x","limit":21}""", "1 to 20")]
    [TestCase("""{"query":"x","limit":"5"}""", "'limit'")]
    [TestCase("""{"names":[]}""", "1 to 50")]
    [TestCase("""{"names":"notes_read"}""", "'names'")]
    [TestCase("""{"names":[null]}""", "'names")]
    public async Task FindTools_with_other_arguments_is_told_what_is_wrong(string arguments, string told)
    {
        foreach (var modern in new[] { false, true })
        {
            var reply = await _alice.CallAsync("find_tools", JsonNode.Parse(arguments)!.AsObject(), modern);
            Assert.That(reply.IsToolError, arguments);
            Assert.That(reply.Text, Does.Contain(told));
        }
    }

    [Test]
    public async Task FindTools_with_a_query_without_end_is_refused()
    {
        var reply = await _alice.CallAsync("find_tools", new JsonObject { ["query"] = new string('x', 1001) });
        Assert.That(reply.Text, Does.Contain("1000"));
    }

    [Test]
    public async Task CallTool_is_the_direct_call_to_the_backend_and_to_the_client([Values] bool modern)
    {
        _notes.Reply("read", """{"note":"hi"}""");
        var before = Records();
        var direct = await _alice.CallAsync("notes_read", new JsonObject { ["id"] = "7" }, modern);
        var wrapped = await CallToolAsync("notes_read", new JsonObject { ["id"] = "7" }, modern);

        Assert.That(JsonNode.DeepEquals(wrapped.Result, direct.Result), wrapped.Body);
        Assert.That(_notes.Calls("read")[^1].Body, Is.EqualTo(_notes.Calls("read")[^2].Body), "the inner name and arguments");
        Assert.That(await Eventually.HoldsAsync(() => Records() >= before + 2), "the record names what was called");

        int Records() => _output.ToString().Split("\"tool\":\"notes_read\",\"backend\":\"notes\",\"scope\":\"mcp:notes:read\"").Length;
    }

    [Test]
    public async Task CallTool_relays_progress_under_the_clients_token()
    {
        var reply = await _alice.LegacyAsync("tools/call", new JsonObject
        {
            ["name"] = "call_tool",
            ["arguments"] = new JsonObject { ["name"] = "old_slow_progress" },
            ["_meta"] = new JsonObject { ["progressToken"] = "mine" },
        });
        Assert.That(reply.Messages.Count(message => (string?)message["method"] == "notifications/progress" && (string?)message["params"]!["progressToken"] == "mine"),
            Is.EqualTo(Fixtures.NativeTools.ProgressCount));
        Assert.That(reply.Text, Is.EqualTo("Done."));
    }

    [Test]
    public async Task CallTool_repeats_arguments_in_headers_that_its_client_could_not_know_of([Values] bool modern)
    {
        var reply = await CallToolAsync("native_query", new JsonObject { ["region"] = "west", ["sql"] = "x" }, modern);
        Assert.That(reply.IsToolError, Is.False, reply.Body);
        var arrived = _native.Requests.Last(request => request.RpcMethod == "tools/call");
        Assert.That(arrived.Header("Mcp-Param-Region"), Is.EqualTo("west"));
        Assert.That(arrived.Header("Mcp-Name"), Is.EqualTo("query"));
        Assert.That(JsonNode.Parse(arrived.Body)!["params"]!["arguments"]!.ToJsonString(), Is.EqualTo("""{"region":"west","sql":"x"}"""));
    }

    /// <summary>The attack: one value for proxies that look at headers, another for the tool.</summary>
    [Test]
    public async Task CallTool_with_a_header_that_contradicts_its_argument_is_refused()
    {
        var before = _native.Requests.Count(request => request.RpcMethod == "tools/call");
        var reply = await _alice.ModernAsync("tools/call", Wrap("native_query", new JsonObject { ["region"] = "west" }), request => request.Headers.Add("Mcp-Param-Region", "east"));
        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((400, -32020)));
        Assert.That(_native.Requests.Count(request => request.RpcMethod == "tools/call"), Is.EqualTo(before));
    }

    [Test]
    public async Task CallTool_runs_nothing_that_scopes_forbid([Values] bool modern)
    {
        var reply = await CallToolAsync("notes_write", new JsonObject { ["text"] = "x" }, modern);
        var direct = await _alice.CallAsync("notes_write", new JsonObject { ["text"] = "x" }, modern);
        var unknown = await CallToolAsync("notes_erase", [], modern);

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((403, direct.ErrorCode)));
        Assert.That(reply.Headers["WWW-Authenticate"], Is.EqualTo(direct.Headers["WWW-Authenticate"]));
        Assert.That(unknown.ErrorCode, Is.EqualTo(-32602));
        Assert.That(_notes.Calls("write"), Is.Empty);
    }

    [TestCase("{}", "'name' is missing")]
    [TestCase("""{"name":"notes_read","id":"7"}""", "put what the tool takes into 'arguments'")]
    [TestCase("""{"name":"notes_read","arguments":"{\"id\":7}"}""", "must be an object")]
    [TestCase("""{"name":"notes_read","arguments":null}""", "must be an object")]
    [TestCase("""{"name":"call_tool","arguments":{"name":"notes_read"}}""", "other than call_tool")]
    [TestCase("""{"name":["notes_read"]}""", "'name' must be")]
    public async Task CallTool_that_holds_no_call_is_told_why_and_calls_nothing(string arguments, string told)
    {
        var before = _notes.Calls("read").Count;
        foreach (var modern in new[] { false, true })
        {
            var reply = await _alice.CallAsync("call_tool", JsonNode.Parse(arguments)!.AsObject(), modern);
            Assert.That(reply.IsToolError, arguments);
            Assert.That(reply.Text, Does.Contain(told).And.Contain("Nothing was called"));
        }

        Assert.That(_notes.Calls("read"), Has.Count.EqualTo(before));
    }

    [Test]
    public async Task CallTool_runs_a_builtin()
    {
        var reply = await CallToolAsync("whoami", [], modern: true);
        Assert.That((string)reply.Result["structuredContent"]!["person"]!["email"]!, Is.EqualTo("alice@example.com"));
    }

    [Test]
    public async Task Batch_may_hold_calls_of_call_tool()
    {
        _notes.Reply("read", """{"note":"hi"}""");
        string Call(int id, string arguments) => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"call_tool","arguments":{{{arguments}}} } }""";
        var reply = await _alice.PostAsync(
            $"[{Call(1, """{"name":"notes_read"}""")},{Call(2, """{"name":"old_echo","arguments":{"message":"m"}}""")},{Call(3, """{"name":"notes_write"}""")},{Call(4, "{}")}]",
            request => request.Headers.Add("MCP-Protocol-Version", "2025-03-26"));

        Assert.That(reply.Messages.Select(message => (int)message["id"]!), Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That((string)reply.Messages[0]["result"]!["structuredContent"]!["note"]!, Is.EqualTo("hi"));
        Assert.That((string)reply.Messages[1]["result"]!["content"]![0]!["text"]!, Is.EqualTo("m"));
        Assert.That((string)reply.Messages[2]["error"]!["message"]!, Does.Contain("mcp:notes:write"));
        Assert.That((bool)reply.Messages[3]["result"]!["isError"]!);
        Assert.That(_notes.Calls("write"), Is.Empty);
    }

    [Test]
    public async Task Clients_are_told_when_their_list_begins_to_be_cut_down()
    {
        await using var notes = await CaptureBackend.StartAsync();
        notes.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"));
        var backends = $$"""backends: { notes: { url: "{{notes.Url}}" } }""";
        await using var gateway = await GatewayHost.StartAsync(backends, builtins: true);
        using var bob = await TestPerson.SignInAsync(gateway, "bob@example.com", "mcp:notes:read");
        await using var stream = await TestStream.ListenAsync(bob, gateway, new JsonObject { ["toolsListChanged"] = true });
        Assert.That((await bob.ModernAsync("tools/list")).ToolNames, Has.No.Member("find_tools"));

        await File.WriteAllTextAsync(gateway.ConfigFile, $"search: {{ aboveTools: 3 }}\n{backends}");

        await stream.UntilAsync(() => stream.Methods.Contains("notifications/tools/list_changed"));
        Assert.That((await bob.ModernAsync("tools/list")).ToolNames, Has.Member("find_tools").And.Member("notes_read"));
    }

    private Task<McpReply> ListAsync(bool modern, string? mode)
    {
        void Ask(HttpRequestMessage request)
        {
            if (mode is not null)
                request.Headers.Add(ToolModes.Header, mode);
        }

        return modern ? _alice.ModernAsync("tools/list", change: Ask) : _alice.PostAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/list"}""", Ask);
    }

    private Task<McpReply> CallToolAsync(string name, JsonObject arguments, bool modern) => modern
        ? _alice.ModernAsync("tools/call", Wrap(name, arguments))
        : _alice.LegacyAsync("tools/call", Wrap(name, arguments));

    private static JsonObject Wrap(string name, JsonObject arguments) =>
        new() { ["name"] = "call_tool", ["arguments"] = new JsonObject { ["name"] = name, ["arguments"] = arguments } };

    private static JsonObject Schema(McpReply list, string tool) =>
        list.Result["tools"]!.AsArray().Single(each => (string)each!["name"]! == tool)!["inputSchema"]!.AsObject();

    private static IEnumerable<string> Names(JsonNode answer) => answer["tools"]!.AsArray().Select(tool => (string)tool!["name"]!);

    /// <summary>Lists the tool as it stands here, and answers every call.</summary>
    private async Task AnswerAsync(HttpContext context, Func<Task> next)
    {
        var request = _native.Requests[^1];
        var result = request.RpcMethod switch
        {
            "tools/list" => $$"""{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":{{NativeTools}} }""",
            "tools/call" => """{"resultType":"complete","content":[],"structuredContent":{"rows":[]}}""",
            _ => null,
        };
        if (result is null)
        {
            await next();
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{JsonNode.Parse(request.Body)!["id"]!.ToJsonString()}},"result":{{result}} }""");
    }
}
