using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Calls to a contract backend, as the backend and the client see them.</summary>
internal sealed class ContractCallTests
{
    private CaptureBackend _backend = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(
            CaptureBackend.Tool("read", "mcp:notes:read", ("query", "string"), ("limit", "number?")),
            CaptureBackend.Tool("write", "mcp:notes:write"));
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              notes: { kind: contract, url: "{{_backend.Url}}", timeout: 700ms, maxReplyBytes: 4096 }
              gone: { kind: contract, url: "http://127.0.0.1:1" }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read mcp:notes:write");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Test]
    public async Task ToolsCall_reaches_the_backend_as_method_and_params([Values] bool modern)
    {
        _backend.Reply("read", """{"notes":[1,2]}""");
        var reply = await _alice.CallAsync("notes_read", new JsonObject { ["query"] = "ä\n", ["limit"] = 3 }, modern);
        Assert.That(JsonNode.DeepEquals(reply.Result["structuredContent"], JsonNode.Parse("""{"notes":[1,2]}""")));
        Assert.That(reply.Text, Is.EqualTo("""{"notes":[1,2]}"""));
        var call = _backend.Calls("read")[^1];
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(call.Body), JsonNode.Parse("""{"method":"read","params":{"query":"ä\n","limit":3}}""")));
        Assert.That(call.Path, Is.EqualTo("/api/cortex/backend"));
    }

    [Test]
    public async Task Backend_receives_a_token_minted_for_this_person_and_this_backend_alone()
    {
        _backend.Reply("read", "{}");
        await _alice.CallAsync("notes_read");
        var call = _backend.Calls("read")[^1];
        var token = call.Token!;
        Assert.Multiple(() =>
        {
            Assert.That(call.Bearer, Is.Not.EqualTo(_alice.AccessToken));
            Assert.That(token.Typ, Is.EqualTo("at+jwt"));
            Assert.That(token.Alg, Is.EqualTo("ES256"));
            Assert.That(token.Issuer, Is.EqualTo($"{_gateway.Url}/identity"));
            Assert.That(token.Audiences, Is.EqualTo(new[] { _backend.Url }));
            Assert.That(token.Subject, Does.StartWith("p_"));
            Assert.That(token.GetClaim("client_id").Value, Is.EqualTo(_alice.ClientId));
            Assert.That(token.GetClaim("scope").Value, Is.EqualTo("mcp:notes:read mcp:notes:write"));
            Assert.That(JsonNode.Parse(token.GetClaim("act").Value)!["sub"]!.ToString(), Is.EqualTo("cortex-gateway"));
            Assert.That(token.ValidTo - token.IssuedAt, Is.LessThanOrEqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(call.Headers["X-Cortex-User-Id"], Is.EqualTo(token.Subject));
            Assert.That(call.Headers["X-Cortex-Scopes"], Is.EqualTo("mcp:notes:read mcp:notes:write"));
        });
    }

    [Test]
    public async Task Headers_a_caller_forges_never_reach_the_backend()
    {
        _backend.Reply("read", "{}");
        await _alice.ModernAsync("tools/call", new JsonObject { ["name"] = "notes_read" }, request =>
        {
            request.Headers.Add("X-Cortex-User-Id", "p_root");
            request.Headers.Add("X-Cortex-Anything", "1");
            request.Headers.Add("Cookie", "session=1");
            request.Headers.Add("X-Forwarded-For", "10.0.0.1");
            request.Headers.Add("Proxy-Authorization", "Basic x");
        });
        var call = _backend.Calls("read")[^1];
        Assert.That(call.Headers["X-Cortex-User-Id"], Does.StartWith("p_").And.Not.EqualTo("p_root"));
        Assert.That(call.Headers.Keys, Has.No.Member("X-Cortex-Anything").And.No.Member("Cookie").And.No.Member("X-Forwarded-For").And.No.Member("Proxy-Authorization"));
        Assert.That(call.Headers.Values, Has.None.Contains(_alice.AccessToken));
    }

    [Test]
    public async Task Minted_token_is_refused_at_mcp()
    {
        _backend.Reply("read", "{}");
        await _alice.CallAsync("notes_read");
        using var thief = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, _gateway.McpUrl);
        request.Headers.Authorization = new("Bearer", _backend.Calls("read")[^1].Bearer!);
        using var reply = await thief.SendAsync(request);
        Assert.That((int)reply.StatusCode, Is.EqualTo(401));
    }

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return new TestCaseData(401, """{"error":"who?"}""", "Not authenticated: backend 'notes' does not accept");
        yield return new TestCaseData(403, """{"required":"mcp:notes:admin"}""", "Scope missing: backend 'notes' requires the scope 'mcp:notes:admin'");
        yield return new TestCaseData(403, """{"error":"not your notebook"}""", "Denied by the app: backend 'notes' refuses 'notes_read' for this person: not your notebook");
        yield return new TestCaseData(403, "", "Denied by the app");
        yield return new TestCaseData(400, """{"error":"limit must be positive"}""", "could not do 'notes_read': limit must be positive");
        yield return new TestCaseData(500, """{"error":"disk full"}""", "failed at 'notes_read': disk full");
        yield return new TestCaseData(502, "<html>", "failed at 'notes_read'. Try again later (HTTP 502)");
        yield return new TestCaseData(302, "", "(HTTP 302)");
        yield return new TestCaseData(200, "<html>hi</html>", "something that is not JSON");
        yield return new TestCaseData(200, "", "something that is not JSON");
        yield return new TestCaseData(200, """{"a":1} trailing""", "something that is not JSON");
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Backend_failure_is_a_tool_result_that_says_what_to_do(int status, string body, string expected)
    {
        _backend.Reply("read", status, body, "application/json", ("Set-Cookie", "a=b"), ("WWW-Authenticate", "Bearer realm=evil"), ("Location", "http://evil/"), ("X-Leak", "1"));
        foreach (var modern in new[] { true, false })
        {
            var reply = await _alice.CallAsync("notes_read", modern: modern);
            Assert.That(reply.Status, Is.EqualTo(200));
            Assert.That(reply.IsToolError);
            Assert.That(reply.Text, Does.Contain(expected));
            Assert.That((string?)reply.Result["_meta"]!["cortex.dev/traceId"], Has.Length.EqualTo(32));
            Assert.That(reply.Headers.Keys, Has.No.Member("Set-Cookie").And.No.Member("WWW-Authenticate").And.No.Member("Location").And.No.Member("X-Leak"));
        }
    }

    [Test]
    public async Task Oversized_reply_is_refused_with_its_limit()
    {
        _backend.Reply("read", $"\"{new string('x', 5000)}\"");
        Assert.That((await _alice.CallAsync("notes_read")).Text, Does.Contain("more than 4096 bytes"));
    }

    [Test]
    public async Task Endless_reply_is_cut_off_at_its_limit()
    {
        _backend.Handle("read", async (context, _) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync("          ", context.RequestAborted);
        });
        Assert.That((await _alice.CallAsync("notes_read")).Text, Does.Contain("more than 4096 bytes"));
    }

    [Test]
    public async Task Silent_backend_times_out([Values] bool headersFirst)
    {
        _backend.Handle("read", async (context, _) =>
        {
            if (headersFirst)
                await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var started = TimeProvider.System.GetTimestamp();
        Assert.That((await _alice.CallAsync("notes_read")).Text, Does.Contain("did not answer 'notes_read' within 0.7 s"));
        Assert.That(TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task Backend_that_drops_the_connection_is_unreachable([Values] bool headersFirst)
    {
        _backend.Handle("read", async (context, _) =>
        {
            if (headersFirst)
                await context.Response.WriteAsync("{\"half\":", context.RequestAborted);
            context.Abort();
        });
        Assert.That((await _alice.CallAsync("notes_read")).Text, Does.Contain("can't be reached"));
    }

    [Test]
    public async Task Reply_of_any_json_kind_becomes_text([Values("[1,2]", "3", "true", "null")] string json)
    {
        _backend.Reply("read", $"  {json}\n");
        var reply = await _alice.CallAsync("notes_read");
        Assert.That(reply.Text, Is.EqualTo(json));
        Assert.That(reply.Result.ContainsKey("structuredContent"), Is.False);
    }

    [Test]
    public async Task Whole_tool_result_goes_on_as_it_is([Values] bool modern)
    {
        _backend.Reply("read", """{"content":[{"type":"text","text":"Two notes."},{"type":"image","data":"aGk=","mimeType":"image/png"}],"structuredContent":{"notes":2},"_meta":{"own":1}}""");
        var reply = await _alice.CallAsync("notes_read", modern: modern);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.IsToolError, Is.False);
            Assert.That((string?)reply.Result["content"]![1]!["type"], Is.EqualTo("image"));
            Assert.That((int?)reply.Result["structuredContent"]!["notes"], Is.EqualTo(2));
            Assert.That((int?)reply.Result["_meta"]!["own"], Is.EqualTo(1));
            Assert.That((string?)reply.Result["resultType"], Is.EqualTo(modern ? "complete" : null));
        }
    }

    [Test]
    public async Task Whole_tool_result_may_say_that_the_tool_failed([Values] bool modern)
    {
        _backend.Reply("read", """{"content":[{"type":"text","text":"There is no note 'x7'."}],"isError":true}""");
        var reply = await _alice.CallAsync("notes_read", modern: modern);
        Assert.That(reply.IsToolError);
        Assert.That(reply.Text, Is.EqualTo("There is no note 'x7'."));
    }

    [Test]
    public async Task Value_that_only_looks_like_a_tool_result_stays_a_value()
    {
        _backend.Reply("read", """{"id":"page-1","content":[{"type":"text","text":"hi"}]}""");
        var reply = await _alice.CallAsync("notes_read");
        Assert.That((string?)reply.Result["structuredContent"]!["id"], Is.EqualTo("page-1"));
        Assert.That(reply.Text, Does.StartWith("""{"id":"page-1","""));
    }

    [Test]
    public async Task Json_string_becomes_its_own_text()
    {
        _backend.Reply("read", "\"line\\n\\u00e4\"");
        Assert.That((await _alice.CallAsync("notes_read")).Text, Is.EqualTo("line\nä"));
    }

    [Test]
    public async Task Request_to_a_backend_route_is_denied()
    {
        using var body = new StringContent("{}");
        using var reply = await _alice.Http.PostAsync(new Uri("/-/backends/notes", UriKind.Relative), body);
        Assert.That((int)reply.StatusCode, Is.EqualTo(401).Or.EqualTo(403));
        Assert.That(_backend.Requests, Has.None.Property("Body").EqualTo("{}"));
    }
}
