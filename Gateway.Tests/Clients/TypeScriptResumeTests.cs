using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>What becomes of a call or stream of the TypeScript clients whose connection is cut.</summary>
internal sealed class TypeScriptResumeTests
{
    private static readonly string[] Held = ["--tool", HeldCalls.Tool, "--args", """{"key":"cut"}"""];

    [Test]
    public async Task Legacy_call_whose_connection_is_cut_is_resumed_and_misses_nothing()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Legacy);
        await using var run = NodeClient.Start(stage, "cut", Held);
        await run.StepAsync("begun");

        stage.Proxy.Cut();
        stage.HeldCalls.Release("cut");

        var sight = await run.EndAsync();
        Assert.That(sight.Error, Is.Null);
        Assert.That(sight.Json.TryGetProperty("failed", out var failed), Is.False, failed.ToString());
        Assert.That(sight.ResultText, Is.EqualTo(HeldCalls.ResultOf("cut")));
        Assert.That(sight.Progress, Is.EqualTo(new[] { 1d, 2 }), "each once");
        Assert.That(stage.Server.Calls("tools/call"), Has.Count.EqualTo(2), "the call was not made again");
        Assert.That(stage.HeldCalls.IsCancelled("cut"), Is.False);
    }

    [Test]
    public async Task Legacy_call_is_taken_up_by_another_client_of_its_session_with_the_resumption_token()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Legacy);
        await using var run = NodeClient.Start(stage, "resume-by-token", Held);
        var left = await run.StepAsync("left");
        Assert.That(left.GetProperty("token").GetString(), Is.Not.Empty);

        stage.HeldCalls.Release("cut");

        var sight = await run.EndAsync();
        Assert.That(sight.Error, Is.Null);
        Assert.That(sight["left"], Does.Contain("closed").IgnoreCase);
        Assert.That(sight.ResultText, Is.EqualTo(HeldCalls.ResultOf("cut")));
        Assert.That(sight.Progress, Is.EqualTo(new[] { 2d }), "what came after the token, and nothing before it");
        Assert.That(stage.Server.Calls("tools/call"), Has.Count.EqualTo(1), "the call was not made again");
    }

    [Test]
    public async Task Legacy_session_stream_comes_back_after_a_cut_and_tells_what_changed_meanwhile()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Legacy);
        await using var run = NodeClient.Start(stage, "list-changed");
        await run.StepAsync("listed");

        stage.Proxy.Cut();
        stage.Server.Lists.ChangeTools();

        var sight = await run.EndAsync();
        Assert.That(sight.Error, Is.Null);
        Assert.That(sight.Texts("before"), Does.Not.Contain(EraStage.ExtraTool));
        Assert.That(sight.Tools, Does.Contain(EraStage.ExtraTool));
    }

    /// <summary>The modern era has no resumption: a lost connection is how a call is cancelled.</summary>
    [Test]
    public async Task Modern_call_whose_connection_is_cut_fails_at_the_client_and_is_cancelled_at_the_server()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Modern);
        await using var run = NodeClient.Start(stage, "cut", [.. Held, "--timeout", "3000"]);
        await run.StepAsync("begun");

        stage.Proxy.Cut();

        Assert.That(await Eventually.HoldsAsync(() => stage.HeldCalls.IsCancelled("cut")), Is.True, "the server's call is cancelled");
        var sight = await run.EndAsync();
        Assert.That(sight.Error, Is.Null);
        Assert.That(sight.Json.TryGetProperty("result", out _), Is.False);
        Assert.That(sight.Json.TryGetProperty("failed", out _), Is.True, "this SDK notices the cut at once, and gives the call up when its time is over");
        Assert.That(sight.Json.GetProperty("errors").GetArrayLength(), Is.GreaterThan(0));
        Assert.That(sight.Json.GetProperty("next").GetProperty("content")[0].GetProperty("text").GetString(), Is.EqualTo(ContentTools.SimpleText));
    }

    [Test]
    public async Task Modern_subscription_whose_connection_is_cut_says_so_and_is_listened_to_again()
    {
        await using var stage = await EraStage.StartAsync(EraStage.Modern);
        await using var run = NodeClient.Start(stage, "listen-again", "--uri", FixtureResources.Watched);
        await run.StepAsync("listening");

        stage.Proxy.Cut();

        await run.StepAsync("listening again");
        var end = run.EndAsync();
        Assert.That(await Eventually.HoldsAfterAsync(() => stage.Server.Subscriptions.UpdateAsync(FixtureResources.Watched), () => end.IsCompleted), Is.True);
        var sight = await end;
        Assert.That(sight.Error, Is.Null);
        Assert.That(sight["closed"], Is.EqualTo("remote"));
        Assert.That(sight["updated"], Is.EqualTo(FixtureResources.Watched));
    }
}
