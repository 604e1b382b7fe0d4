using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>
/// What the TypeScript clients can do, each in its era: <c>@modelcontextprotocol/sdk</c> in the legacy one, <c>@modelcontextprotocol/client</c>
/// in the modern one, through the gateway at a native server of that era.
/// </summary>
[TestFixture(EraStage.Legacy)]
[TestFixture(EraStage.Modern)]
internal sealed class TypeScriptBehaviourTests(string version)
{
    private EraStage _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await EraStage.StartAsync(version);

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Lists_hold_what_the_server_offers_and_each_can_be_had()
    {
        var sight = await NodeClient.RunAsync(_stage, "lists");

        AssertWell(sight);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Tools, Does.Contain("test_simple_text"));
            Assert.That(sight.Texts("prompts"), Does.Contain("test_simple_prompt"));
            Assert.That(sight.Texts("resources"), Does.Contain("test://static-text"));
            Assert.That(sight.Texts("templates"), Does.Contain("test://template/{id}/data"));
            Assert.That(sight["prompt"], Is.EqualTo("This is a simple prompt for testing."));
            Assert.That(sight["resource"], Is.EqualTo("This is the content of the static text resource."));
        }
    }

    [Test]
    public async Task Call_gives_the_servers_result_in_the_servers_era()
    {
        var sight = await NodeClient.RunAsync(_stage, "call", "--tool", "test_simple_text");

        AssertWell(sight);
        Assert.That(sight.ResultText, Is.EqualTo(ContentTools.SimpleText));
        Assert.That(_stage.Server.Calls("tools/call")[^1].Headers["MCP-Protocol-Version"], Is.EqualTo(version));
    }

    [Test]
    public async Task Elicitation_asks_the_client_and_its_answer_reaches_the_tool()
    {
        var sight = _stage.IsModern
            ? await NodeClient.RunAsync(_stage, "ask", "--tool", "test_input_required_result_elicitation")
            : await NodeClient.RunAsync(_stage, "ask", "--tool", "test_elicitation", "--args", """{"message":"What is your name?"}""");

        AssertWell(sight);
        Assert.That(sight.Texts("asked"), Is.EqualTo(new[] { "What is your name?" }));
        Assert.That(sight.ResultText, Is.EqualTo(_stage.IsModern ? "Hello, Ada!" : """User response: accept {"response":"Ada"}"""));
    }

    [Test]
    public async Task Sampling_asks_the_clients_model_and_its_answer_reaches_the_tool()
    {
        var sight = _stage.IsModern
            ? await NodeClient.RunAsync(_stage, "ask", "--tool", "test_input_required_result_sampling")
            : await NodeClient.RunAsync(_stage, "ask", "--tool", "test_sampling", "--args", """{"prompt":"What is the capital of France?"}""");

        AssertWell(sight);
        Assert.That(sight.Texts("asked"), Is.EqualTo(new[] { "What is the capital of France?" }));
        Assert.That(sight.ResultText, Is.EqualTo(_stage.IsModern ? "The model said: Paris" : "LLM response: Paris"));
    }

    [Test]
    public async Task Roots_of_the_client_reach_the_tool()
    {
        var sight = await NodeClient.RunAsync(_stage, "ask", "--tool", _stage.IsModern ? "test_input_required_result_list_roots" : "test_list_roots");

        AssertWell(sight);
        Assert.That(sight.Texts("asked"), Is.EqualTo(new[] { "roots" }));
        Assert.That(sight.ResultText, Is.EqualTo("Roots: file:///home/ada"));
    }

    [Test]
    public async Task Progress_arrives_in_its_order()
    {
        var sight = await NodeClient.RunAsync(_stage, "progress", "--tool", "test_tool_with_progress");

        AssertWell(sight);
        Assert.That(sight.Progress, Is.EqualTo(new[] { 0d, 50, 100 }));
    }

    [Test]
    public async Task Log_messages_arrive_when_the_client_asks_for_their_level()
    {
        var sight = await RunLogsAsync("info");

        AssertWell(sight);
        Assert.That(LogsOfTools(sight), Is.EqualTo(_stage.IsModern
            ? new[] { "The request asked for logs." }
            : ["Tool execution started", "Tool processing data", "Tool execution completed"]));
    }

    [Test]
    public async Task Log_messages_below_the_clients_level_do_not_arrive()
    {
        var sight = await RunLogsAsync("error");

        AssertWell(sight);
        Assert.That(LogsOfTools(sight), Is.Empty);
    }

    [Test]
    public async Task Cancelled_call_ends_at_the_server_and_the_client_goes_on()
    {
        var key = $"cancel-{version}";

        var sight = await NodeClient.RunAsync(_stage, "cancel", "--tool", HeldCalls.Tool, "--args", $$"""{"key":"{{key}}"}""");

        Assert.That(sight.Error, Is.Null);
        Assert.That(sight.Json.GetProperty("cancelled").GetProperty("message").GetString(), Does.Contain("changed their mind"));
        Assert.That(sight.ResultText, Is.EqualTo(ContentTools.SimpleText));
        Assert.That(await Eventually.HoldsAsync(() => _stage.HeldCalls.IsCancelled(key)), Is.True, "the server's call is cancelled");
    }

    [Test]
    public async Task Watched_resource_is_reported_when_it_changes()
    {
        await using var run = NodeClient.Start(_stage, "subscribe", "--uri", FixtureResources.Watched);
        await run.StepAsync("subscribed");

        var end = run.EndAsync();
        Assert.That(await Eventually.HoldsAfterAsync(() => _stage.Server.Subscriptions.UpdateAsync(FixtureResources.Watched), () => end.IsCompleted), Is.True);

        var sight = await end;
        AssertWell(sight);
        Assert.That(sight["updated"], Is.EqualTo(FixtureResources.Watched));
        Assert.That(sight["resource"], Is.EqualTo("This is the content of the watched resource."));
    }

    [Test]
    public async Task Changed_list_is_reported_and_listed_anew()
    {
        await using var run = NodeClient.Start(_stage, "list-changed");
        await run.StepAsync("listed");
        _stage.Server.Lists.ChangeTools();
        try
        {
            var sight = await run.EndAsync();

            AssertWell(sight);
            Assert.That(sight.Texts("before"), Does.Not.Contain(EraStage.ExtraTool));
            Assert.That(sight.Tools, Does.Contain(EraStage.ExtraTool));
        }
        finally
        {
            _stage.Server.Lists.ChangeTools();
        }
    }

    private void AssertWell(NodeSight sight)
    {
        Assert.That(sight.Error, Is.Null);
        Assert.That(sight.ProtocolVersion, Is.EqualTo(version));
        Assert.That(sight.Json.GetProperty("errors").GetArrayLength(), Is.Zero, sight.Json.GetProperty("errors").ToString());
    }

    private Task<NodeSight> RunLogsAsync(string level) => NodeClient.RunAsync(
        _stage, "logs", "--level", level, "--tool", _stage.IsModern ? "test_logging_tool" : "test_tool_with_logging");

    /// <summary>Without what the server itself says of the new level.</summary>
    private static IEnumerable<string> LogsOfTools(NodeSight sight) =>
        sight.Texts("logs").Where(text => !text.StartsWith("The level is now", StringComparison.Ordinal));
}
