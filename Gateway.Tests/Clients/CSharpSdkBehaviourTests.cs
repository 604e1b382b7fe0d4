using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using ModelContextProtocol.Protocol;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>What the C# SDK's client can do in each era, through the gateway at a native server of that era.</summary>
[TestFixture(EraStage.Legacy)]
[TestFixture(EraStage.Modern)]
internal sealed class CSharpSdkBehaviourTests(string version)
{
    private EraStage _stage = null!;
    private SdkClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await EraStage.StartAsync(version);

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public async Task ConnectAsync() => _client = await SdkClient.ConnectAsync(_stage);

    [TearDown]
    public async Task CloseAsync() => await _client.DisposeAsync();

    [Test]
    public async Task Lists_hold_what_the_server_offers_and_each_can_be_had()
    {
        var tools = await _client.Mcp.ListToolsAsync();
        var prompts = await _client.Mcp.ListPromptsAsync();
        var resources = await _client.Mcp.ListResourcesAsync();
        var templates = await _client.Mcp.ListResourceTemplatesAsync();
        var prompt = await _client.Mcp.GetPromptAsync("test_simple_prompt");
        var resource = await _client.Mcp.ReadResourceAsync("test://static-text");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_client.Mcp.NegotiatedProtocolVersion, Is.EqualTo(version));
            Assert.That(tools.Select(tool => tool.Name), Does.Contain("test_simple_text"));
            Assert.That(prompts.Select(listed => listed.Name), Does.Contain("test_simple_prompt"));
            Assert.That(resources.Select(listed => listed.Uri), Does.Contain("test://static-text"));
            Assert.That(templates.Select(template => template.UriTemplate), Does.Contain("test://template/{id}/data"));
            Assert.That(prompt.Messages.Select(message => ((TextContentBlock)message.Content).Text), Is.EqualTo(new[] { "This is a simple prompt for testing." }));
            Assert.That(((TextResourceContents)resource.Contents.Single()).Text, Is.EqualTo("This is the content of the static text resource."));
        }
    }

    [Test]
    public async Task Call_gives_the_servers_result_in_the_servers_era()
    {
        Assert.That(await _client.CallAsync("test_simple_text"), Is.EqualTo(ContentTools.SimpleText));
        Assert.That(_stage.Server.Calls("tools/call")[^1].Headers["MCP-Protocol-Version"], Is.EqualTo(version));
    }

    [Test]
    public async Task Elicitation_asks_the_client_and_its_answer_reaches_the_tool()
    {
        var text = _stage.IsModern
            ? await _client.CallAsync("test_input_required_result_elicitation")
            : await _client.CallAsync("test_elicitation", ("message", "What is your name?"));

        Assert.That(_client.Asked, Is.EqualTo(new[] { "What is your name?" }));
        Assert.That(text, Is.EqualTo(_stage.IsModern ? "Hello, Ada!" : """User response: accept {"response":"Ada"}"""));
    }

    [Test]
    public async Task Sampling_asks_the_clients_model_and_its_answer_reaches_the_tool()
    {
        var text = _stage.IsModern
            ? await _client.CallAsync("test_input_required_result_sampling")
            : await _client.CallAsync("test_sampling", ("prompt", "What is the capital of France?"));

        Assert.That(_client.Asked, Is.EqualTo(new[] { "What is the capital of France?" }));
        Assert.That(text, Is.EqualTo(_stage.IsModern ? "The model said: Paris" : "LLM response: Paris"));
    }

    [Test]
    public async Task Roots_of_the_client_reach_the_tool()
    {
        var text = await _client.CallAsync(_stage.IsModern ? "test_input_required_result_list_roots" : "test_list_roots");

        Assert.That(_client.Asked, Is.EqualTo(new[] { "roots" }));
        Assert.That(text, Is.EqualTo("Roots: file:///home/ada"));
    }

    [Test]
    public async Task Progress_arrives_in_its_order()
    {
        var before = _client.Progress.Count;

        await _client.CallAsync("test_tool_with_progress", progress: new KeptProgress());

        Assert.That(await Eventually.HoldsAsync(() => _client.Progress.Count >= before + 3), Is.True);
        Assert.That(_client.Progress.Skip(before), Is.EqualTo(new[] { 0d, 50, 100 }));
    }

    [Test]
    public async Task Cancelled_call_ends_at_the_server_and_the_client_goes_on()
    {
        var key = $"cancel-{version}";
        using var cancelling = new CancellationTokenSource();
        var call = _client.Mcp.SendRequestAsync(
            new JsonRpcRequest
            {
                Id = new RequestId(key),
                Method = RequestMethods.ToolsCall,
                Params = new JsonObject { ["name"] = HeldCalls.Tool, ["arguments"] = new JsonObject { ["key"] = key } },
            },
            cancelling.Token);
        Assert.That(await Eventually.HoldsAsync(() => _stage.HeldCalls.HasBegun(key)), Is.True);

        // Over HTTP this SDK gives up waiting without a word, which is how modern clients cancel; a legacy one has to say so.
        if (!_stage.IsModern)
            await _client.Mcp.SendNotificationAsync(NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = new RequestId(key) });
        else
            await cancelling.CancelAsync();

        Assert.That(await Eventually.HoldsAsync(() => _stage.HeldCalls.IsCancelled(key)), Is.True, "the server's call is cancelled");
        await cancelling.CancelAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await _client.CallAsync("test_simple_text"), Is.EqualTo(ContentTools.SimpleText));
    }

    [Test]
    public async Task Watched_resource_is_reported_when_it_changes()
    {
        await using var listening = await SdkListening.StartAsync(_client, _stage, FixtureResources.Watched);

        var isHeard = await Eventually.HoldsAfterAsync(
            () => _stage.Server.Subscriptions.UpdateAsync(FixtureResources.Watched),
            () => _client.Notifications(NotificationMethods.ResourceUpdatedNotification).Count > 0);

        Assert.That(isHeard, Is.True);
        var told = JsonNode.Parse(_client.Notifications(NotificationMethods.ResourceUpdatedNotification)[0])!;
        Assert.That((string?)told["uri"], Is.EqualTo(FixtureResources.Watched));
        Assert.That(
            ((TextResourceContents)(await _client.Mcp.ReadResourceAsync(FixtureResources.Watched)).Contents.Single()).Text,
            Is.EqualTo("This is the content of the watched resource."));
    }

    [Test]
    public async Task Changed_list_is_reported_and_listed_anew()
    {
        await using var listening = await SdkListening.StartAsync(_client, _stage, FixtureResources.Watched);
        Assert.That((await _client.Mcp.ListToolsAsync()).Select(tool => tool.Name), Does.Not.Contain(EraStage.ExtraTool));
        _stage.Server.Lists.ChangeTools();
        try
        {
            Assert.That(await Eventually.HoldsAsync(() => _client.Notifications(NotificationMethods.ToolListChangedNotification).Count > 0), Is.True);
            Assert.That((await _client.Mcp.ListToolsAsync()).Select(tool => tool.Name), Does.Contain(EraStage.ExtraTool));
        }
        finally
        {
            _stage.Server.Lists.ChangeTools();
        }

        Assert.That(await Eventually.HoldsAsync(() => _client.Notifications(NotificationMethods.ToolListChangedNotification).Count > 1), Is.True);
    }
}
