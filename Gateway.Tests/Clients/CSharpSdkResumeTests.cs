using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
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
        var progress = new KeptProgress();
        var call = client.CallAsync(HeldCalls.Tool, ("key", "cut"), progress);
        Assert.That(await Eventually.HoldsAsync(() => progress.Values.Count > 0), Is.True, "the call has begun");

        stage.Proxy.Cut();
        stage.HeldCalls.Release("cut");

        Assert.That(await call.WaitAsync(TimeSpan.FromSeconds(20)), Is.EqualTo(HeldCalls.ResultOf("cut")));
        Assert.That(await Eventually.HoldsAsync(() => progress.Values.Count >= 2), Is.True);
        Assert.That(progress.Values, Is.EqualTo(new[] { 1d, 2 }), "each once");
        Assert.That(stage.Server.Calls("tools/call"), Has.Count.EqualTo(1), "the call was not made again");
        Assert.That(stage.HeldCalls.IsCancelled("cut"), Is.False);
    }

    [Test]
    public async Task Legacy_session_stream_comes_back_after_a_cut()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Legacy);
        await using var client = await SdkClient.ConnectAsync(stage);
        await using var listening = await SdkListening.StartAsync(client, stage, FixtureResources.Watched);
        const string Updated = "notifications/resources/updated";
        Task UpdateAsync() => stage.Server.Subscriptions.UpdateAsync(FixtureResources.Watched);
        Assert.That(await Eventually.HoldsAfterAsync(UpdateAsync, () => client.Notifications(Updated).Count > 0), Is.True);

        stage.Proxy.Cut();

        var before = client.Notifications(Updated).Count;
        Assert.That(await Eventually.HoldsAfterAsync(UpdateAsync, () => client.Notifications(Updated).Count > before), Is.True);
        Assert.That(client.Notifications(Updated)[^1], Does.Contain(FixtureResources.Watched));
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
