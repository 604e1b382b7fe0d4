using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>What servers of the legacy era ask and say in the middle of a call, and what a client of that era makes of it.</summary>
internal sealed class RelayTests
{
    private const string Asks = """{"elicitation":{"form":{},"url":{}},"sampling":{},"roots":{}}""";

    private ConformanceServer _server = null!;
    private ConformanceServer _namesake = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ConformanceServer.StartAsync();
        _namesake = await ConformanceServer.StartAsync();
        _gateway = await GatewayHost.StartAsync(Yaml());
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:one mcp:two");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
        await _namesake.DisposeAsync();
    }

    [Test]
    public async Task Elicitation_reaches_the_client_and_its_answer_the_server()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        await using var call = await session.CallAsync("one_test_elicitation", new JsonObject { ["message"] = "Who are you?" });
        var question = await call.NextAsync();
        Assert.That((string?)question!["method"], Is.EqualTo("elicitation/create"));
        Assert.That((string?)question["params"]!["message"], Is.EqualTo("Who are you?"));
        var accepted = await session.AnswerAsync(question, Accept("Alice"));
        Assert.That(accepted.Status, Is.EqualTo(202));
        var answer = await call.NextAsync();
        Assert.That((string?)answer!["result"]!["content"]![0]!["text"], Does.StartWith("User response: accept").And.Contain("Alice"));
        Assert.That(await call.NextAsync(), Is.Null, "the answer ends the stream");
    }

    [Test]
    public async Task Sampling_reaches_the_client_and_its_answer_the_server()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        await using var call = await session.CallAsync("one_test_sampling", new JsonObject { ["prompt"] = "Hello" });
        var question = await call.NextAsync();
        Assert.That((string?)question!["method"], Is.EqualTo("sampling/createMessage"), question.ToJsonString());
        await session.AnswerAsync(question, new JsonObject
        {
            ["role"] = "assistant",
            ["model"] = "test",
            ["content"] = new JsonObject { ["type"] = "text", ["text"] = "Hi there" },
        });
        var answer = await call.NextAsync();
        Assert.That((string?)answer!["result"]!["content"]![0]!["text"], Is.EqualTo("LLM response: Hi there"));
    }

    [Test]
    public async Task Questions_of_two_servers_with_equal_ids_go_back_to_the_one_that_asked()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        await using var first = await session.CallAsync("one_test_elicitation", new JsonObject { ["message"] = "one" });
        await using var second = await session.CallAsync("two_test_elicitation", new JsonObject { ["message"] = "two" });
        var ofFirst = await first.NextAsync();
        var ofSecond = await second.NextAsync();
        Assert.That((string)ofFirst!["id"]!, Is.Not.EqualTo((string)ofSecond!["id"]!));
        await session.AnswerAsync(ofSecond, Accept("for two"));
        await session.AnswerAsync(ofFirst, Accept("for one"));
        Assert.That((await first.NextAsync())!.ToJsonString(), Does.Contain("for one"));
        Assert.That((await second.NextAsync())!.ToJsonString(), Does.Contain("for two"));
    }

    [Test]
    public async Task Answer_of_another_person_or_session_reaches_nobody()
    {
        using var mallory = await TestPerson.SignInAsync(_gateway, "mallory@example.com", "mcp:one mcp:two");
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        var otherSession = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        var foreign = await LegacySession.OpenAsync(mallory, _gateway, Asks);
        await using var call = await session.CallAsync("one_test_elicitation", new JsonObject { ["message"] = "?" });
        var question = (await call.NextAsync())!;
        Assert.That((await foreign.AnswerAsync(question, Accept("stolen"))).Status, Is.EqualTo(400));
        Assert.That((await otherSession.AnswerAsync(question, Accept("stolen"))).Status, Is.EqualTo(400));
        var changed = question.DeepClone().AsObject();
        changed["id"] = (string)question["id"]! + "A";
        Assert.That((await session.AnswerAsync(changed, Accept("stolen"))).Status, Is.EqualTo(400));
        await session.AnswerAsync(question, Accept("mine"));
        Assert.That((await call.NextAsync())!.ToJsonString(), Does.Contain("mine").And.Not.Contain("stolen"));
    }

    [Test]
    public async Task Waiting_for_a_person_counts_as_no_silence()
    {
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              one: { kind: mcp, url: "{{_server.Url}}", timeout: 2s, idleTimeout: 300ms, maxDuration: 2s }
            """);
        using var bob = await TestPerson.SignInAsync(gateway, "bob@example.com", "mcp:one");
        var session = await LegacySession.OpenAsync(bob, gateway, Asks);
        await using var call = await session.CallAsync("one_test_elicitation", new JsonObject { ["message"] = "?" });
        var question = (await call.NextAsync())!;
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await session.AnswerAsync(question, Accept("late"));
        Assert.That((await call.NextAsync())!.ToJsonString(), Does.Contain("late"));
    }

    [Test]
    public async Task Client_that_declared_nothing_is_asked_nothing()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        var reply = await session.SendAsync("tools/call", new JsonObject
        {
            ["name"] = "one_test_elicitation",
            ["arguments"] = new JsonObject { ["message"] = "?" },
        });
        Assert.That(reply.Messages.Select(message => (string?)message["method"]), Is.All.Null);
        Assert.That(reply.IsToolError);
    }

    [Test]
    public async Task Answer_and_cancellation_find_their_way_from_another_replica()
    {
        await using var storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        await using var first = await GatewayHost.StartAsync(Yaml(), storage);
        await using var second = await GatewayHost.StartAsync(Yaml(), storage, publicUrl: first.Url);
        using var carol = await TestPerson.SignInAsync(first, "carol@example.com", "mcp:one mcp:two");
        var here = await LegacySession.OpenAsync(carol, first, Asks);
        var there = here.At(second);
        await using var call = await here.CallAsync("one_test_elicitation", new JsonObject { ["message"] = "?" });
        var question = (await call.NextAsync())!;
        Assert.That((await there.AnswerAsync(question, Accept("from afar"))).Status, Is.EqualTo(202));
        Assert.That((await here.AnswerAsync(question, Accept("again"))).Status, Is.EqualTo(400), "a question takes one answer");
        Assert.That((await there.AnswerAsync(question, Accept("again"))).Status, Is.EqualTo(400));
        Assert.That((await call.NextAsync())!.ToJsonString(), Does.Contain("from afar"));

        await using var cancelled = await here.CallAsync("one_test_elicitation", new JsonObject { ["message"] = "?" }, requestId: "to-cancel");
        var unanswered = (await cancelled.NextAsync())!;
        Assert.That((await there.CancelAsync("to-cancel")).Status, Is.EqualTo(202));
        Assert.That(await cancelled.NextAsync(), Is.Null, "a cancelled call ends without an answer");
        Assert.That((await there.AnswerAsync(unanswered, Accept("too late"))).Status, Is.EqualTo(400), "its question takes none any more");
        Assert.That(() => _server.Calls("notifications/cancelled"), Is.Not.Empty.After(5000, 50));
    }

    [Test]
    public async Task Cancellation_of_a_legacy_client_reaches_the_server_under_its_own_id([Values] bool isAnother)
    {
        await using var server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, url: "{{server.Url}}" }
            """);
        using var bob = await TestPerson.SignInAsync(gateway, "bob@example.com", "mcp:native");
        var session = await LegacySession.OpenAsync(bob, gateway);
        var other = await LegacySession.OpenAsync(bob, gateway);
        await session.SendAsync("tools/call", new JsonObject { ["name"] = "native_echo", ["arguments"] = new JsonObject { ["message"] = "open" } });
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        server.Intercept = async (context, next) =>
        {
            if (server.Requests[^1].RpcMethod == "tools/call")
            {
                reached.TrySetResult();
                await Task.WhenAny(release.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
            }

            await next();
        };
        var call = session.CallAsync("native_echo", new JsonObject { ["message"] = "slow" }, requestId: 77);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await (isAnother ? other : session).CancelAsync(77);
        if (isAnother)
        {
            release.SetResult();
            await using var stream = await call;
            Assert.That((await stream.NextAsync())!.ToJsonString(), Does.Contain("slow"));
            Assert.That(server.Calls("notifications/cancelled"), Is.Empty);
            return;
        }

        await using var ended = await call;
        Assert.That(await ended.NextAsync(), Is.Null);
        Assert.That(() => server.Calls("notifications/cancelled").Count, Is.EqualTo(1).After(5000, 50));
        var upstreamId = (string)JsonNode.Parse(server.Calls("tools/call")[^1].Body)!["id"]!;
        Assert.That((string?)JsonNode.Parse(server.Calls("notifications/cancelled")[0].Body)!["params"]!["requestId"], Is.EqualTo(upstreamId).And.StartsWith("cortex-"));
    }

    [TestCase(NativeEra.Modern)]
    [TestCase(NativeEra.LegacyStateful)]
    public async Task Closed_connection_of_a_modern_client_cancels_and_of_a_legacy_client_does_not(NativeEra era)
    {
        await using var server = await NativeServer.StartAsync(era);
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, url: "{{server.Url}}" }
            """);
        using var bob = await TestPerson.SignInAsync(gateway, "bob@example.com", "mcp:native");
        await bob.CallAsync("native_echo", new JsonObject { ["message"] = "open" });
        foreach (var modern in new[] { true, false })
        {
            var reached = new TaskCompletionSource();
            var aborted = new TaskCompletionSource();
            var finish = new TaskCompletionSource();
            var finished = new TaskCompletionSource();
            server.Intercept = async (context, next) =>
            {
                if (server.Requests[^1].RpcMethod != "tools/call")
                {
                    await next();
                    return;
                }

                await using var registration = context.RequestAborted.Register(() => aborted.TrySetResult());
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":1}}\n\n");
                await context.Response.Body.FlushAsync();
                reached.TrySetResult();
                await Task.WhenAny(finish.Task, aborted.Task);
                finished.TrySetResult();
            };
            var before = server.Calls("notifications/cancelled").Count;
            using (var http = new HttpClient())
            using (var leaving = new CancellationTokenSource())
            {
                var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{gateway.Url}/mcp"));
                request.Headers.Add("Accept", "application/json, text/event-stream");
                request.Headers.Authorization = bob.Http.DefaultRequestHeaders.Authorization;
                request.Headers.Add("MCP-Protocol-Version", modern ? "2026-07-28" : "2025-11-25");
                var meta = modern ? ",\"_meta\":{\"progressToken\":1,\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}" : ",\"_meta\":{\"progressToken\":1}";
                if (modern)
                {
                    request.Headers.Add("Mcp-Method", "tools/call");
                    request.Headers.Add("Mcp-Name", "native_echo");
                }

                request.Content = new StringContent($"{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{{\"name\":\"native_echo\"{meta}}}}}", System.Text.Encoding.UTF8, "application/json");
                var sending = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
                await reached.Task.WaitAsync(TimeSpan.FromSeconds(10));
                using var reply = await sending;
                await leaving.CancelAsync();
            }

            if (modern)
            {
                await aborted.Task.WaitAsync(TimeSpan.FromSeconds(10));
                if (era == NativeEra.LegacyStateful)
                    Assert.That(() => server.Calls("notifications/cancelled").Count, Is.EqualTo(before + 1).After(5000, 50));
            }
            else
            {
                Assert.That(await Task.WhenAny(aborted.Task, Task.Delay(700)), Is.Not.SameAs(aborted.Task), "a lost connection cancels nothing");
                finish.SetResult();
                await finished.Task.WaitAsync(TimeSpan.FromSeconds(10));
                Assert.That(server.Calls("notifications/cancelled"), Has.Count.EqualTo(before));
            }
        }
    }

    [Test]
    public async Task End_of_the_session_ends_its_calls()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        await using var call = await session.CallAsync("one_test_elicitation", new JsonObject { ["message"] = "?" });
        await call.NextAsync();
        Assert.That(await session.EndAsync(), Is.EqualTo(204));
        Assert.That(await call.NextAsync(), Is.Null);
        Assert.That((await session.SendAsync("tools/list")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Log_messages_reach_the_client_by_its_level()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway, Asks);
        await using (var all = await session.CallAsync("one_test_tool_with_logging"))
            Assert.That(await CountLogsAsync(all), Is.EqualTo(3));
        Assert.That((await session.SendAsync("logging/setLevel", new JsonObject { ["level"] = "error" })).Result, Is.Empty);
        await using (var none = await session.CallAsync("one_test_tool_with_logging"))
            Assert.That(await CountLogsAsync(none), Is.Zero);
    }

    private static async Task<int> CountLogsAsync(McpStream call)
    {
        var count = 0;
        while (await call.NextAsync() is { } message)
            count += (string?)message["method"] == "notifications/message" ? 1 : 0;
        return count;
    }

    private static JsonObject Accept(string text) => new() { ["action"] = "accept", ["content"] = new JsonObject { ["response"] = text } };

    private string Yaml() => $$"""
        backends:
          one: { kind: mcp, url: "{{_server.Url}}" }
          two: { kind: mcp, url: "{{_namesake.Url}}" }
        """;
}
