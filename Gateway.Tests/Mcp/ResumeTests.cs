using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Calls of legacy clients that lose their connection and come back for the rest, and native servers that make the gateway do the same.</summary>
internal sealed class ResumeTests
{
    private NativeServer _server = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        _gateway = await GatewayHost.StartAsync(Yaml);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:native");
        await _alice.CallAsync("native_echo", new JsonObject { ["message"] = "open the session" });
    }

    private string Yaml => $$"""
        backends:
          native: { kind: mcp, url: "{{_server.Url}}" }
        """;

    private static JsonObject Token => new() { ["progressToken"] = "t" };

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
    public async Task Stream_begins_with_an_id_and_a_retry_for_2025_11_25_alone([Values("2025-11-25", "2025-06-18")] string version)
    {
        Answer(async stream => await stream.WriteProgressAsync(1));
        var session = await LegacySession.OpenAsync(_alice, _gateway, version: version);
        await using var call = await session.CallAsync("native_echo", meta: Token);
        var first = await call.NextEventAsync();
        Assert.That(first!.Value.EventId, Does.StartWith("p"));
        Assert.That(call.Response.Headers.GetValues("X-Accel-Buffering"), Is.EqualTo(new[] { "no" }));
        if (version == "2025-11-25")
        {
            Assert.That(first.Value.Data, Is.Empty);
            Assert.That(call.Retry, Is.EqualTo(TimeSpan.FromSeconds(1)));
        }
        else
        {
            Assert.That(first.Value.Data, Does.Contain("notifications/progress"));
        }
    }

    [Test]
    public async Task Progress_that_nobody_asked_for_is_left_out([Values] bool modern)
    {
        Answer(async stream => await stream.WriteProgressAsync(1));
        var reply = await _alice.CallAsync("native_echo", modern: modern);
        Assert.That(reply.Messages, Has.Count.EqualTo(1));
        Assert.That(reply.Text, Is.EqualTo("done"));
    }

    [Test]
    public async Task Quick_call_gets_its_answer_alone()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        await using var call = await session.CallAsync("native_echo", new JsonObject { ["message"] = "quick" });
        var only = await call.NextEventAsync();
        Assert.That(only!.Value.Data, Does.Contain("quick"));
        Assert.That(only.Value.EventId, Is.Null);
        Assert.That(await call.NextEventAsync(), Is.Null);
    }

    [Test]
    public async Task Client_that_lost_its_connection_gets_what_it_missed_and_the_answer_at_any_replica([Values] bool elsewhere)
    {
        await using var storage = await TestStorage.CreateAsync(elsewhere ? DatabaseDialect.PostgreSql : TestStorage.Default);
        await using var first = await GatewayHost.StartAsync(Yaml, storage);
        await using var second = elsewhere ? await GatewayHost.StartAsync(Yaml, storage, publicUrl: first.Url) : null;
        using var carol = await TestPerson.SignInAsync(first, "carol@example.com", "mcp:native");
        var session = await LegacySession.OpenAsync(carol, first);
        await session.SendAsync("tools/call", new JsonObject { ["name"] = "native_echo", ["arguments"] = new JsonObject { ["message"] = "open" } });
        var goOn = new TaskCompletionSource();
        Answer(async stream =>
        {
            await stream.WriteProgressAsync(1);
            await stream.WriteProgressAsync(2);
            await goOn.Task;
            await stream.WriteProgressAsync(3);
        });
        string seen;
        await using (var call = await session.CallAsync("native_echo", requestId: "lost-1", meta: Token))
        {
            Assert.That((int)(await call.NextAsync())!["params"]!["progress"]!, Is.EqualTo(1));
            seen = call.LastEventId;
        }

        await using var resumed = await (second is null ? session : session.At(second)).ListenAsync(seen);
        Assert.That(resumed.Status, Is.EqualTo(200));
        Assert.That((int)(await resumed.NextAsync())!["params"]!["progress"]!, Is.EqualTo(2), "missed while the client was away");
        goOn.SetResult();
        var third = await resumed.NextAsync();
        Assert.That((int)third!["params"]!["progress"]!, Is.EqualTo(3));
        Assert.That((string?)third["params"]!["progressToken"], Is.EqualTo("t"));
        var answer = await resumed.NextAsync();
        Assert.That((string?)answer!["id"], Is.EqualTo("lost-1"));
        Assert.That((string?)answer["result"]!["content"]![0]!["text"], Is.EqualTo("done"));
        Assert.That(await resumed.NextAsync(), Is.Null, "the answer ends the stream");
        await using var again = await session.ListenAsync(resumed.LastEventId);
        Assert.That(await again.NextAsync(), Is.Null);
    }

    [Test]
    public async Task Event_that_is_too_long_to_be_kept_is_left_out_and_such_an_answer_says_so()
    {
        var text = new string('x', 1_200_000);
        var isRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Answer(
            async stream =>
            {
                await stream.WriteProgressAsync(1);
                await isRead.Task;
                await stream.WriteAsync($$$"""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"{{{text}}}"}}""");
                await stream.WriteProgressAsync(2);
            },
            text);
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        string seen;
        await using (var call = await session.CallAsync("native_echo", requestId: "long", meta: Token))
        {
            await call.NextAsync();
            seen = call.LastEventId;
        }

        isRead.SetResult();
        await using var resumed = await session.ListenAsync(seen);
        Assert.That((int)(await resumed.NextAsync())!["params"]!["progress"]!, Is.EqualTo(2));
        var answer = (await resumed.NextAsync())!;
        Assert.That((string?)answer["id"], Is.EqualTo("long"));
        Assert.That((string?)answer["error"]!["message"], Does.Contain("larger than the 1048576 bytes").And.Contain("The call was done"));
        Assert.That(await resumed.NextAsync(), Is.Null);
    }

    [Test]
    public async Task Stream_of_another_person_or_session_can_not_be_resumed()
    {
        using var mallory = await TestPerson.SignInAsync(_gateway, "mallory@example.com", "mcp:native");
        Answer(async stream => await stream.WriteProgressAsync(1));
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        string seen;
        await using (var call = await session.CallAsync("native_echo", meta: Token))
        {
            await call.NextEventAsync();
            seen = call.LastEventId;
        }

        foreach (var other in new[] { await LegacySession.OpenAsync(mallory, _gateway), await LegacySession.OpenAsync(_alice, _gateway) })
        {
            await using var stolen = await other.ListenAsync(seen);
            Assert.That(stolen.Status, Is.EqualTo(400));
        }

        await using var garbage = await session.ListenAsync("pAAAAAAAAAAAAAAAA-0");
        Assert.That(garbage.Status, Is.EqualTo(400));
    }

    [Test]
    public async Task Server_that_ends_its_stream_early_is_asked_for_the_rest()
    {
        var polls = 0;
        _server.Intercept = async (context, next) =>
        {
            if (_server.Requests[^1].RpcMethod == "tools/call")
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("id: e1\nretry: 50\ndata: \n\n");
            }
            else if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers["Last-Event-ID"] == "e1")
            {
                context.Response.ContentType = "text/event-stream";
                if (Interlocked.Increment(ref polls) < 3)
                    return;
                var id = JsonNode.Parse(_server.Calls("tools/call")[^1].Body)!["id"]!.ToJsonString();
                await context.Response.WriteAsync($$$"""
                    id: e2
                    data: {"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"at last"}]}}


                    """.ReplaceLineEndings("\n"));
            }
            else
            {
                await next();
            }
        };
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        await using var call = await session.CallAsync("native_echo");
        Assert.That((await call.NextAsync())!.ToJsonString(), Does.Contain("at last"));
        Assert.That(polls, Is.EqualTo(3));
    }

    /// <summary>Lets the server answer calls with a stream: what is written, then the answer.</summary>
    private void Answer(Func<ServerStream, Task> write, string answer = "done") => _server.Intercept = async (context, next) =>
    {
        if (_server.Requests[^1].RpcMethod != "tools/call")
        {
            await next();
            return;
        }

        var id = JsonNode.Parse(_server.Requests[^1].Body)!["id"]!.ToJsonString();
        context.Response.ContentType = "text/event-stream";
        var stream = new ServerStream(context.Response, id);
        await write(stream);
        await stream.WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"{{{answer}}}"}]}}""");
    };

    private sealed class ServerStream(HttpResponse response, string id)
    {
        public Task WriteProgressAsync(int progress) =>
            WriteAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{id}}},"progress":{{{progress}}}}}""");

        public async Task WriteAsync(string json)
        {
            await response.WriteAsync($"data: {json}\n\n");
            await response.Body.FlushAsync();
        }
    }
}
