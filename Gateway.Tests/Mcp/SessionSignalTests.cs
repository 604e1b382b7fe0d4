using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Ends and cancellations that overtake the call they are about, and a bus that fails while they are sent.</summary>
internal sealed class SessionSignalTests
{
    private NativeServer _server = null!;
    private GatewayHost _gateway = null!;
    private FaultyState _state = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            backends:
              native: { kind: mcp, url: "{{_server.Url}}" }
            """,
            customize: FaultyState.AddTo);
        _state = (FaultyState)_gateway.Get<ISharedState>();
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:native");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TearDown]
    public void Mend()
    {
        _state.IsBusDown = false;
        _state.Found = null;
        _server.Intercept = null;
    }

    [Test]
    public async Task Cancellation_or_end_that_overtakes_its_call_ends_it([Values] bool isEnd)
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        var calls = _server.Calls("tools/call").Count;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = true;
        _state.Found = async key =>
        {
            if (!key.StartsWith("session:", StringComparison.Ordinal) || !isFirst)
                return;
            isFirst = false;
            reached.SetResult();
            await release.Task;
        };

        var sending = session.CallAsync("native_echo", new JsonObject { ["message"] = "late" }, requestId: "overtaken");
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        if (isEnd)
            Assert.That(await session.EndAsync(), Is.EqualTo(204));
        else
            Assert.That((await session.CancelAsync("overtaken")).Status, Is.EqualTo(202));
        release.SetResult();

        await using var call = await sending;
        Assert.That(await call.NextAsync(), Is.Null, "a cancelled call has no answer");
        Assert.That(_server.Calls("tools/call"), Has.Count.EqualTo(calls));
    }

    [Test]
    public async Task Session_ends_with_204_though_the_bus_is_down_and_its_calls_here_end()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Intercept = async (context, next) =>
        {
            if (_server.Requests[^1].RpcMethod == "tools/call")
            {
                reached.TrySetResult();
                await Task.WhenAny(Task.Delay(Timeout.Infinite, context.RequestAborted));
                return;
            }

            await next();
        };
        var sending = session.CallAsync("native_echo");
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20));
        _state.IsBusDown = true;
        Assert.That(await session.EndAsync(), Is.EqualTo(204));
        await using var call = await sending;
        Assert.That(await call.NextAsync(), Is.Null);
        Assert.That((await session.SendAsync("tools/list")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Level_that_was_set_is_no_error_though_the_bus_is_down()
    {
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        _state.IsBusDown = true;
        Assert.That((await session.SendAsync("logging/setLevel", new JsonObject { ["level"] = "error" })).Result, Is.Empty);
        Assert.That((await session.CancelAsync("unknown")).Status, Is.EqualTo(StatusCodes.Status202Accepted));
    }

    [Test]
    public async Task Update_of_a_resource_that_the_session_did_not_subscribe_to_does_not_come_with_a_call()
    {
        _server.Intercept = async (context, next) =>
        {
            if (_server.Requests[^1].RpcMethod != "tools/call")
            {
                await next();
                return;
            }

            var id = JsonNode.Parse(_server.Requests[^1].Body)!["id"]!.ToJsonString();
            context.Response.ContentType = "text/event-stream";
            string[] messages =
            [
                """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"test://unwatched"}}""",
                """{"jsonrpc":"2.0","method":"notifications/x/unknown","params":{"uri":"test://unwatched"}}""",
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[]}}""",
            ];
            foreach (var message in messages)
                await context.Response.WriteAsync($"data: {message}\n\n");
        };
        var session = await LegacySession.OpenAsync(_alice, _gateway);
        await using var call = await session.CallAsync("native_echo");
        Assert.That((string?)(await call.NextAsync())!["method"], Is.EqualTo("notifications/x/unknown"));
        Assert.That((await call.NextAsync())!.ContainsKey("result"));
    }
}
