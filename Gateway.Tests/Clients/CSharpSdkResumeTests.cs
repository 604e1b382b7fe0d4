using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using ModelContextProtocol.Protocol;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>What becomes of a call of the C# SDK's client whose connection is cut.</summary>
internal sealed class CSharpSdkResumeTests
{
    [Test]
    public async Task Legacy_call_whose_connection_is_cut_is_resumed_and_misses_nothing()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Legacy);
        await using var client = await SdkClient.ConnectAsync(stage);
        var call = client.CallAsync(HeldCalls.Tool, ("key", "cut"), new KeptProgress());
        Assert.That(await Eventually.HoldsAsync(() => client.Progress.Count > 0), Is.True, "the call has begun");

        stage.Proxy.Cut();
        stage.HeldCalls.Release("cut");

        Assert.That(await call.WaitAsync(TimeSpan.FromSeconds(20)), Is.EqualTo(HeldCalls.ResultOf("cut")));
        Assert.That(await Eventually.HoldsAsync(() => client.Progress.Count >= 2), Is.True);
        Assert.That(client.Progress, Is.EqualTo(new[] { 1d, 2 }), "each once");
        Assert.That(stage.Server.Calls("tools/call"), Has.Count.EqualTo(1), "the call was not made again");
        Assert.That(stage.HeldCalls.IsCancelled("cut"), Is.False);
    }

    [Test]
    public async Task Legacy_session_stream_comes_back_after_a_cut_and_tells_what_changed_meanwhile()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Legacy);
        await using var client = await SdkClient.ConnectAsync(stage);
        await using var listening = await SdkListening.StartAsync(client, stage, FixtureResources.Watched);
        var isOpen = await Eventually.HoldsAfterAsync(
            () => stage.Server.Subscriptions.UpdateAsync(FixtureResources.Watched),
            () => client.Notifications(NotificationMethods.ResourceUpdatedNotification).Count > 0);
        Assert.That(isOpen, Is.True);
        Assert.That(client.Notifications(NotificationMethods.ToolListChangedNotification), Is.Empty);

        stage.Proxy.Cut();
        stage.Server.Lists.ChangeTools();

        Assert.That(await Eventually.HoldsAsync(() => client.Notifications(NotificationMethods.ToolListChangedNotification).Count > 0), Is.True);
        Assert.That((await client.Mcp.ListToolsAsync()).Select(tool => tool.Name), Does.Contain(EraStage.ExtraTool));
    }

    [Test]
    public async Task Legacy_session_is_taken_up_by_another_client_with_all_it_declared()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Legacy);
        await using var first = await SdkClient.ConnectAsync(stage);
        await using var second = await SdkClient.TakeUpAsync(stage, first);

        var text = await second.CallAsync("test_elicitation", ("message", "What is your name?"));

        Assert.That(text, Is.EqualTo("""User response: accept {"response":"Ada"}"""));
        Assert.That(second.Asked, Is.EqualTo(new[] { "What is your name?" }), "the stream of the call asks, whoever opened the session");
        Assert.That(first.Asked, Is.Empty);
    }

    /// <summary>The modern era has no resumption: a lost connection is how a call is cancelled.</summary>
    [Test]
    public async Task Modern_call_whose_connection_is_cut_fails_at_the_client_and_is_cancelled_at_the_server()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Modern);
        await using var client = await SdkClient.ConnectAsync(stage);
        var progress = new KeptProgress();
        var call = client.CallAsync(HeldCalls.Tool, ("key", "cut"), progress);
        Assert.That(await Eventually.HoldsAsync(() => progress.Values.Count > 0), Is.True, "the call has begun");

        stage.Proxy.Cut();

        Assert.That(async () => await call.WaitAsync(TimeSpan.FromSeconds(20)), Throws.Exception.Not.InstanceOf<TimeoutException>());
        Assert.That(await Eventually.HoldsAsync(() => stage.HeldCalls.IsCancelled("cut")), Is.True, "the server's call is cancelled");
        Assert.That(await client.CallAsync("test_simple_text"), Is.EqualTo(ContentTools.SimpleText));
    }
}
