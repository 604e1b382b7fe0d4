using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Clients of either era before native servers of either era: list, call, structured result, progress, failures.</summary>
[TestFixture(NativeEra.Modern)]
[TestFixture(NativeEra.LegacyStateful)]
[TestFixture(NativeEra.LegacyStateless)]
internal sealed class NativeCallTests(NativeEra era)
{
    private NativeServer _server = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await NativeServer.StartAsync(era);
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, url: "{{_server.Url}}", timeout: 5s, idleTimeout: 5s }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:native");
    }

    [SetUp]
    public void LetThrough() => _server.Intercept = null;

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task ToolsList_shows_every_page_under_the_prefix([Values] bool modern)
    {
        var reply = modern ? await _alice.ModernAsync("tools/list") : await _alice.LegacyAsync("tools/list");
        Assert.That(reply.ToolNames, Is.EqualTo(NativeTools.Names.Select(name => $"native_{name}").Order(StringComparer.Ordinal)));
        var add = reply.Result["tools"]!.AsArray().Single(tool => (string)tool!["name"]! == "native_add")!;
        Assert.That((string)add["outputSchema"]!["properties"]!["sum"]!["type"]!, Is.EqualTo("number"));
    }

    [Test]
    public async Task ToolsCall_returns_text_and_structure_in_the_form_of_the_callers_era([Values] bool modern)
    {
        var reply = await _alice.CallAsync("native_add", new JsonObject { ["a"] = 2, ["b"] = 3 }, modern);
        Assert.That((double)reply.Result["structuredContent"]!["sum"]!, Is.EqualTo(5));
        Assert.That((int)reply.Answer["id"]!, Is.EqualTo(7));
        Assert.That((string?)reply.Result["resultType"], Is.EqualTo(modern ? "complete" : null));
        Assert.That(reply.Headers.Keys, Has.No.Member("Mcp-Session-Id"));
    }

    [Test]
    public async Task Server_sees_its_own_tool_name_and_a_minted_token([Values] bool modern)
    {
        await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "hi" }, modern);
        var call = _server.Calls("tools/call")[^1];
        Assert.That((string)JsonNode.Parse(call.Body)!["params"]!["name"]!, Is.EqualTo("echo"));
        Assert.That(call.Token!.Issuer, Is.EqualTo($"{_gateway.Url}/identity"));
        Assert.That(call.Token.GetClaim("scope").Value, Is.EqualTo("mcp:native"));
        Assert.That(call.Headers.Values, Has.None.Contains(_alice.AccessToken));
        Assert.That(call.Headers.Keys, Has.No.Member("X-Cortex-User-Id"));
        if (era == NativeEra.Modern)
        {
            Assert.That(call.Headers["Mcp-Name"], Is.EqualTo("echo"));
            Assert.That(call.Headers["MCP-Protocol-Version"], Is.EqualTo("2026-07-28"));
        }
        else
        {
            Assert.That(call.Headers["MCP-Protocol-Version"], Is.EqualTo("2025-11-25"));
            Assert.That(call.Body, Does.Not.Contain("io.modelcontextprotocol/"));
        }
    }

    [Test]
    public async Task Progress_arrives_in_order_under_the_clients_own_token([Values] bool modern)
    {
        var parameters = new JsonObject { ["name"] = "native_slow_progress", ["_meta"] = new JsonObject { ["progressToken"] = "mine-1" } };
        var reply = modern ? await _alice.ModernAsync("tools/call", parameters) : await _alice.LegacyAsync("tools/call", parameters);
        Assert.That(reply.MediaType, Is.EqualTo("text/event-stream"));
        var progress = reply.Messages.Where(message => (string?)message["method"] == "notifications/progress").ToList();
        Assert.That(progress.Select(message => (string)message["params"]!["progressToken"]!), Is.All.EqualTo("mine-1"));
        Assert.That(progress.Select(message => (double)message["params"]!["progress"]!), Is.Ordered.And.Exactly(NativeTools.ProgressCount).Items);
        Assert.That((int)reply.Answer["id"]!, Is.EqualTo(7));
        Assert.That(reply.Headers["X-Accel-Buffering"], Is.EqualTo("no"));
    }

    [Test]
    public async Task Tool_error_passes_as_it_is([Values] bool modern)
    {
        var reply = await _alice.CallAsync("native_fail", modern: modern);
        Assert.That(reply.IsToolError);
        Assert.That(reply.Text, Is.EqualTo("This tool always fails."));
    }

    [Test]
    public async Task Unknown_members_survive_in_both_directions([Values] bool modern)
    {
        await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "open the session" });
        _server.Intercept = async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            var id = JsonNode.Parse(_server.Requests[^1].Body)!["id"]!.ToJsonString();
            await context.Response.WriteAsync($$$"""{"x-top":[1.0,{"deep":"\u00e4"}],"jsonrpc":"2.0","result":{"content":[],"future":{"a":1e2}},"id":{{{id}}}}""");
        };
        var parameters = new JsonObject { ["name"] = "native_echo", ["arguments"] = new JsonObject(), ["x-new"] = new JsonObject { ["k"] = 1 } };
        var reply = modern ? await _alice.ModernAsync("tools/call", parameters) : await _alice.LegacyAsync("tools/call", parameters);
        Assert.That(reply.Body, Does.Contain("""
            "x-top":[1.0,{"deep":"\u00e4"}]
            """.Trim()).And.Contain("""
            "future":{"a":1e2}
            """.Trim()));
        Assert.That((int)reply.Answer["id"]!, Is.EqualTo(7));
        Assert.That((int)JsonNode.Parse(_server.Requests[^1].Body)!["params"]!["x-new"]!["k"]!, Is.EqualTo(1));
    }

    [TestCase("application/json", """{"jsonrpc":"2.0","id":8,"result":{"content":[{"type":"text","text":"stolen"}]}}""")]
    [TestCase("application/json", """{"jsonrpc":"2.0","result":{"content":[{"type":"text","text":"stolen"}]},"\u0069d":8}""")]
    [TestCase("text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":8,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"stolen\"}]}}\n\n")]
    [TestCase("text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":8,\"error\":{\"code\":1,\"message\":\"stolen\"}}\n\n")]
    public async Task Server_does_not_answer_for_another_call_of_the_client(string mediaType, string body)
    {
        await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "open the session" });
        _server.Intercept = async (context, _) =>
        {
            context.Response.ContentType = mediaType;
            await context.Response.WriteAsync(body);
        };
        foreach (var modern in new[] { true, false })
        {
            var reply = await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "x" }, modern);
            Assert.That(reply.Messages.Select(message => (int?)message["id"]), Is.All.EqualTo(7));
        }
    }

    [Test]
    public async Task Answer_without_an_id_is_none()
    {
        await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "open the session" });
        _server.Intercept = async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"jsonrpc":"2.0","result":{"content":[]}}""");
        };
        Assert.That((await _alice.CallAsync("native_echo")).Text, Does.Contain("ended its reply before it answered"));
    }

    [Test]
    public async Task Parameter_header_that_no_header_can_hold_is_refused_and_counts_against_no_backend()
    {
        var before = _server.Requests.Count;
        var body = Encoding.UTF8.GetBytes("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"native_echo","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""");
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("localhost", new Uri(_gateway.Url).Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_alice.AccessToken}\r\nContent-Type: application/json\r\nMCP-Protocol-Version: 2026-07-28\r\n"
            + $"Mcp-Method: tools/call\r\nMcp-Name: native_echo\r\nMcp-Param-Message: é\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body);
        using var reader = new StreamReader(stream);
        var reply = await reader.ReadToEndAsync();
        Assert.That(reply, Does.StartWith("HTTP/1.1 400").And.Contain("-32020").And.Contain("Mcp-Param-Message"));
        Assert.That(_server.Requests, Has.Count.EqualTo(before));
    }

    [TestCase("application/json", "{0}")]
    [TestCase("text/event-stream", "event: message\ndata: {0}\n\n")]
    public async Task Error_status_with_a_JSON_RPC_error_stays_that_error(string mediaType, string form)
    {
        const string error = """{"jsonrpc":"2.0","id":1,"error":{"code":-32021,"message":"Needs sampling","data":{"requiredCapabilities":{"sampling":{}}}}}""";
        await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "open the session" });
        _server.Intercept = async (context, _) =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = mediaType;
            await context.Response.WriteAsync(string.Format(CultureInfo.InvariantCulture, form, error));
        };
        var reply = await _alice.CallAsync("native_echo");
        Assert.That(reply.Status, Is.EqualTo(400));
        Assert.That(reply.ErrorCode, Is.EqualTo(-32021));
        Assert.That(reply.Error["data"]!["requiredCapabilities"]!["sampling"], Is.Not.Null);
        Assert.That((int)reply.Answer["id"]!, Is.EqualTo(7));
    }

    private static IEnumerable<TestCaseData> BrokenReplies()
    {
        yield return new TestCaseData(200, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":", "ended its reply before it answered");
        yield return new TestCaseData(200, "application/json", "[]", "something that is not MCP");
        yield return new TestCaseData(200, "text/html", "<html>", "something that is not MCP");
        yield return new TestCaseData(200, "text/event-stream", "data: {\"broken\n\n", "something that is not MCP");
        yield return new TestCaseData(200, "text/event-stream", ": nothing\n\n", "ended its reply before it answered");
        yield return new TestCaseData(202, "application/json", "", "ended its reply before it answered");
        yield return new TestCaseData(500, "text/plain", "boom", "HTTP 500");
        yield return new TestCaseData(302, "text/plain", "", "HTTP 302");
        yield return new TestCaseData(401, "application/json", "{}", "Not authenticated");
        yield return new TestCaseData(403, "application/json", "{}", "Denied by the app");
    }

    [TestCaseSource(nameof(BrokenReplies))]
    public async Task Broken_reply_is_a_tool_result_and_nothing_of_it_leaks(int status, string mediaType, string body, string expected)
    {
        await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "open the session" });
        _server.Intercept = async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = mediaType;
            context.Response.Headers.SetCookie = "a=b";
            context.Response.Headers.WWWAuthenticate = "Bearer realm=evil";
            context.Response.Headers.Location = "http://evil/";
            context.Response.Headers["Mcp-Session-Id"] = "evil";
            if (body.Length > 0)
                await context.Response.WriteAsync(body);
        };
        foreach (var modern in new[] { true, false })
        {
            var reply = await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "x" }, modern);
            Assert.That(reply.Status, Is.EqualTo(200));
            Assert.That(reply.IsToolError);
            Assert.That(reply.Text, Does.Contain(expected));
            Assert.That(reply.Headers.Keys, Has.No.Member("Set-Cookie").And.No.Member("WWW-Authenticate").And.No.Member("Location").And.No.Member("Mcp-Session-Id"));
        }
    }

    [Test]
    public async Task Session_the_server_lost_is_opened_anew_and_the_call_done_once()
    {
        await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "first" });
        var refused = 0;
        _server.Intercept = async (context, next) =>
        {
            if (_server.Requests[^1].RpcMethod == "tools/call" && Interlocked.Exchange(ref refused, 1) == 0)
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            else
                await next();
        };
        var reply = await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "second" });
        Assert.That(refused, Is.EqualTo(1));
        if (era == NativeEra.Modern)
            Assert.That(reply.Text, Does.Contain("HTTP 404"), "a modern server has no session to lose");
        else
            Assert.That(reply.Text, Is.EqualTo("second"));
    }

    [Test]
    public async Task Silent_server_times_out_and_the_client_hears_of_it()
    {
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, url: "{{_server.Url}}", timeout: 800ms, idleTimeout: 400ms }
            """);
        using var bob = await TestPerson.SignInAsync(gateway, "bob@example.com", "mcp:native");
        await bob.CallAsync("native_echo", new JsonObject { ["message"] = "open the session" });
        _server.Intercept = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        Assert.That((await bob.CallAsync("native_echo")).Text, Does.Contain("did not answer"));
        _server.Intercept = async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/vendor/news\",\"params\":{}}\n\n");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var late = await bob.CallAsync("native_echo");
        Assert.That(late.Messages, Has.Count.EqualTo(2));
        Assert.That(late.IsToolError);
        Assert.That(late.Text, Does.Contain("did not answer"));
    }
}
