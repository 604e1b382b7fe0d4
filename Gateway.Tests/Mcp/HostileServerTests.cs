using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Native servers that keep to no rule, and clients that leave or don't read: each call ends in time, and nobody else notices.</summary>
internal sealed class HostileServerTests
{
    private const string Asks = """{"elicitation":{},"sampling":{},"roots":{}}""";

    private NativeServer _legacy = null!;
    private NativeServer _modern = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _legacy = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        _modern = await NativeServer.StartAsync(NativeEra.Modern);
        _gateway = await GatewayHost.StartAsync($$"""
            gateway: { streams: { writeTimeout: 1s, keepAlive: 1s, resumeWindow: 1s } }
            backends:
              legacy: { kind: mcp, url: "{{_legacy.Url}}", timeout: 5s, idleTimeout: 20s }
              modern: { kind: mcp, url: "{{_modern.Url}}", timeout: 5s, idleTimeout: 20s }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:legacy mcp:modern");
        await _alice.CallAsync("legacy_echo", new JsonObject { ["message"] = "open" });
        await (await LegacySession.OpenAsync(_alice, _gateway, Asks)).SendAsync("tools/call", new JsonObject { ["name"] = "legacy_item_01" });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _legacy.DisposeAsync();
        await _modern.DisposeAsync();
    }

    [TearDown]
    public void LetThrough() => _legacy.Intercept = _modern.Intercept = null;

    [Test]
    public async Task Answer_ends_the_reply_though_the_server_holds_its_stream_open([Values] bool modern, [Values] bool talks)
    {
        var server = modern ? _modern : _legacy;
        OnCall(server, async (context, id) =>
        {
            await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"content":[],"resultType":"complete"}}""");
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await Task.Delay(100, context.RequestAborted);
                if (talks)
                    await SayAsync(context, """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"still here"}}""");
            }
        });
        var reply = await _alice.CallAsync(modern ? "modern_item_01" : "legacy_item_01", modern: modern).WaitAsync(TimeSpan.FromSeconds(8));
        Assert.That(reply.Result["content"]!.AsArray(), Is.Empty);
        Assert.That(reply.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Progress_of_another_call_is_dropped_and_so_is_progress_that_nobody_asked_for([Values] bool hasToken)
    {
        OnCall(_legacy, async (context, id) =>
        {
            await SayAsync(context, """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"another","progress":1}}""");
            await SayAsync(context, $$$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{{id}}}},"progress":2}}""");
            await SayAsync(context, """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":3}}""");
            await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"content":[{"type":"text","text":"done"}]}}""");
        });
        var parameters = new JsonObject { ["name"] = "legacy_item_01" };
        if (hasToken)
            parameters["_meta"] = new JsonObject { ["progressToken"] = "mine" };
        var reply = await _alice.LegacyAsync("tools/call", parameters);
        Assert.That(reply.Text, Is.EqualTo("done"));
        Assert.That(reply.Messages.SkipLast(1).Select(message => (string?)message["params"]!["progressToken"]), Is.EqualTo(hasToken ? ["mine"] : Array.Empty<string>()));
    }

    [Test]
    public async Task Server_that_asks_without_end_is_answered_with_errors_beyond_a_bound()
    {
        const int Questions = 300;
        OnCall(_legacy, async (context, id) =>
        {
            for (var i = 0; i < Questions; i++)
                await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{i}}}},"method":"roots/list"}""");
            await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"content":[]}}""");
        });
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        var reply = await session.SendAsync("tools/call", new JsonObject { ["name"] = "legacy_item_01" }).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(reply.Messages.Count(message => message.ContainsKey("method")), Is.LessThanOrEqualTo(100));
        Assert.That(reply.Result, Is.Not.Null);
    }

    [Test]
    public async Task Server_that_asks_twice_under_one_id_is_waited_for_once()
    {
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              legacy: { kind: mcp, url: "{{_legacy.Url}}", timeout: 5s, idleTimeout: 1s }
            """);
        using var bob = await TestPerson.SignInAsync(gateway, "bob@example.com", "mcp:legacy");
        OnCall(_legacy, async (context, _) =>
        {
            await SayAsync(context, """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");
            await SayAsync(context, """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var session = await LegacySession.OpenAsync(bob, gateway, Asks);
        await using var call = await session.CallAsync("legacy_item_01");
        var question = (await call.NextAsync())!;
        await session.AnswerAsync(question, new JsonObject { ["roots"] = new JsonArray() });
        Assert.That((await call.NextAsync())?["result"]?["isError"]?.GetValue<bool>(), Is.True, "the silence after the answer ends the call");
    }

    [TestCase("""{"elicitation":{}}""", """  "method":"elicitation/create","params":{"mode":"url","url":"https://evil.example/","elicitationId":"1","message":"?"}""")]
    [TestCase("""{"elicitation":{"url":{}}}""", """  "method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}""")]
    [TestCase("""{"sampling":{}}""", """  "method":"sampling/createMessage","params":{"messages":[],"maxTokens":1,"tools":[]}""")]
    public async Task Question_in_a_form_that_the_client_did_not_declare_does_not_reach_it(string capabilities, string question)
    {
        OnCall(_legacy, async (context, id) =>
        {
            await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":1,{{{{question}}}}}""");
            await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"content":[]}}""");
        });
        var session = await LegacySession.OpenAsync(_alice, _gateway, capabilities);
        var reply = await session.SendAsync("tools/call", new JsonObject { ["name"] = "legacy_item_01" });
        Assert.That(reply.Messages.Select(message => (string?)message["method"]), Is.All.Null);
        Assert.That(_legacy.Requests[^1].Body, Does.Contain("-32602").And.Contain("error"));
    }

    [Test]
    public async Task Question_to_a_client_that_left_for_good_cancels_the_call()
    {
        var aborted = new TaskCompletionSource();
        OnCall(_legacy, async (context, _) =>
        {
            await using var registration = context.RequestAborted.Register(() => aborted.TrySetResult());
            await SayAsync(context, """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");
            await aborted.Task;
        });
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        var before = _legacy.Calls("notifications/cancelled").Count;
        await using (var call = await session.CallAsync("legacy_item_01"))
            await call.NextAsync();
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.That(() => _legacy.Calls("notifications/cancelled").Count, Is.EqualTo(before + 1).After(5000, 50));
    }

    [Test]
    public async Task Question_to_a_client_that_came_back_is_waited_for()
    {
        var aborted = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        OnCall(_legacy, async (context, id) =>
        {
            await using var registration = context.RequestAborted.Register(() => aborted.TrySetResult());
            await SayAsync(context, """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");
            await Task.WhenAny(answered.Task, aborted.Task);
            await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"content":[{"type":"text","text":"thanks"}]}}""");
        });
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        JsonObject question;
        string lastId;
        await using (var call = await session.CallAsync("legacy_item_01"))
        {
            question = (await call.NextAsync())!;
            lastId = call.LastEventId;
        }

        await using var resumed = await session.ListenAsync(lastId);
        Assert.That(resumed.Status, Is.EqualTo(200));
        Assert.That(await Task.WhenAny(aborted.Task, Task.Delay(4000)), Is.Not.SameAs(aborted.Task));
        await session.AnswerAsync(question, new JsonObject { ["roots"] = new JsonArray() });
        answered.SetResult();
        Assert.That((await resumed.NextAsync())!.ToJsonString(), Does.Contain("thanks"));
    }

    [Test]
    public async Task End_of_the_session_ends_a_resumed_stream_at_once()
    {
        OnCall(_legacy, async (context, _) =>
        {
            await SayAsync(context, """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        await using var call = await session.CallAsync("legacy_item_01");
        await call.NextAsync();
        await using var resumed = await session.ListenAsync(call.LastEventId);
        Assert.That(await session.EndAsync(), Is.EqualTo(204));
        Assert.That(await resumed.NextAsync().WaitAsync(TimeSpan.FromSeconds(5)), Is.Null);
    }

    [Test]
    public async Task Cancelled_call_ends_its_resumed_stream_without_an_answer()
    {
        OnCall(_legacy, async (context, _) =>
        {
            await SayAsync(context, """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        await using var call = await session.CallAsync("legacy_item_01", requestId: "doomed");
        await call.NextAsync();
        await using var resumed = await session.ListenAsync(call.LastEventId);
        await session.CancelAsync("doomed");
        Assert.That(await resumed.NextAsync().WaitAsync(TimeSpan.FromSeconds(5)), Is.Null);
    }

    [Test]
    public async Task Streams_that_resume_a_call_count_among_the_open_ones_of_their_owner()
    {
        OnCall(_legacy, async (context, _) =>
        {
            await SayAsync(context, """{"jsonrpc":"2.0","id":1,"method":"roots/list"}""");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        await using var call = await session.CallAsync("legacy_item_01");
        await call.NextAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 101).Select(_ => session.ListenAsync(call.LastEventId)));
        Assert.That(opened.Count(stream => stream.Status == 429), Is.EqualTo(1));
        await session.EndAsync();
        foreach (var stream in opened)
            await stream.DisposeAsync();
    }

    [Test]
    public async Task Client_that_does_not_read_is_dropped_and_a_legacy_call_goes_on([Values] bool modern)
    {
        var server = modern ? _modern : _legacy;
        var finished = new TaskCompletionSource<bool>();
        var text = new string('x', 60_000);
        OnCall(server, async (context, id) =>
        {
            try
            {
                for (var i = 0; i < 600; i++)
                    await SayAsync(context, $$$$"""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"{{{{text}}}}"}}""");
                if (modern)
                    await Task.Delay(TimeSpan.FromSeconds(10), context.RequestAborted);
                await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"content":[],"resultType":"complete"}}""");
                finished.TrySetResult(true);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                finished.TrySetResult(false);
            }
        });
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_gateway.ListensAt).Port);
        var tool = modern ? "modern_item_01" : "legacy_item_01";
        var meta = modern ? ""","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/logLevel":"debug"}""" : "";
        var body = $$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{{tool}}}}"{{{{meta}}}}}}""";
        var head = $"POST /mcp HTTP/1.1\r\nHost: {new Uri(_gateway.ListensAt).Authority}\r\nAuthorization: Bearer {_alice.AccessToken}\r\nAccept: application/json, text/event-stream\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nMCP-Protocol-Version: {(modern ? "2026-07-28" : "2025-11-25")}\r\n"
            + (modern ? $"Mcp-Method: tools/call\r\nMcp-Name: {tool}\r\n" : "") + "\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + body));
        var completed = await finished.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.That(completed, Is.EqualTo(!modern), modern ? "a dropped modern client cancels" : "a dropped legacy client cancels nothing");
        var buffer = new byte[65536];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var total = 0L;
        try
        {
            for (int read; (read = await client.GetStream().ReadAsync(buffer, deadline.Token)) > 0; total += read)
            {
            }
        }
        catch (IOException)
        {
            // The connection was reset.
        }

        Assert.That(total, Is.LessThan(30_000_000), "the client got a part of it alone");
    }

    [Test]
    public async Task State_of_a_call_whose_arguments_hold_half_a_character_is_sealed_and_taken_back()
    {
        var states = new List<string?>();
        OnCall(_modern, async (context, id) =>
        {
            states.Add((string?)JsonNode.Parse(_modern.Calls("tools/call")[^1].Body.Replace("\\ud800", "?"))!["params"]!["requestState"]);
            await SayAsync(context, states.Count == 1
                ? $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"resultType":"input_required","requestState":"s1","inputRequests":{"a":{"method":"roots/list"} } } }"""
                : $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"resultType":"complete","content":[]}}""");
        });
        var reply = await CallAsync("");
        var state = (string)reply.Result["requestState"]!;
        var retried = await CallAsync($""","requestState":"{state}","inputResponses":{"{}"}""");
        Assert.That(retried.Body, Does.Contain("content"), reply.Body);
        Assert.That(states, Is.EqualTo(new[] { null, "s1" }));

        Task<McpReply> CallAsync(string more) => _alice.PostAsync(
            $$$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"modern_item_01","arguments":{"a\ud800":"\ud800"}{{{{more}}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"roots":{} } } } }""",
            request =>
            {
                request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                request.Headers.Add("Mcp-Method", "tools/call");
                request.Headers.Add("Mcp-Name", "modern_item_01");
            });
    }

    [Test]
    public async Task Server_that_sends_its_clients_away_at_once_is_not_asked_without_pause()
    {
        var gets = 0;
        OnCall(_legacy, async (context, _) => await context.Response.WriteAsync("id: a\nretry: 0\ndata: \n\n"));
        var call = _legacy.Intercept!;
        _legacy.Intercept = async (context, next) =>
        {
            if (!HttpMethods.IsGet(context.Request.Method) || !context.Request.Headers.ContainsKey("Last-Event-ID"))
            {
                await call(context, next);
                return;
            }

            context.Response.ContentType = "text/event-stream";
            if (Interlocked.Increment(ref gets) == 500)
            {
                var id = JsonNode.Parse(_legacy.Calls("tools/call")[^1].Body)!["id"]!.ToJsonString();
                await SayAsync(context, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"content":[]}}""");
            }
        };
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        var sent = session.SendAsync("tools/call", new JsonObject { ["name"] = "legacy_item_01" });
        Assert.That(await Task.WhenAny(sent, Task.Delay(3000)), Is.Not.SameAs(sent));
        Assert.That(gets, Is.LessThan(50));
        await session.EndAsync();
        await sent;
    }

    /// <summary>Answers calls of tools by hand; <paramref name="answer"/> gets the raw id.</summary>
    private static void OnCall(NativeServer server, Func<HttpContext, string, Task> answer) => server.Intercept = async (context, next) =>
    {
        var request = server.Requests[^1];
        if (request.RpcMethod != "tools/call")
        {
            if (request.RpcMethod is null && HttpMethods.IsPost(context.Request.Method))
                context.Response.StatusCode = 202;
            else
                await next();
            return;
        }

        context.Response.ContentType = "text/event-stream";
        try
        {
            await answer(context, JsonNode.Parse(request.Body.Replace("\\ud800", "?"))!["id"]!.ToJsonString());
        }
        catch (OperationCanceledException)
        {
            // The gateway has left.
        }
    };

    private static async Task SayAsync(HttpContext context, string json)
    {
        await context.Response.WriteAsync($"event: message\ndata: {json}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
