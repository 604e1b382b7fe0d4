using System.Text.Json.Nodes;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Stdio;

/// <summary>What a client can do in each era through the bridge: the C# SDK's client on streams, the gateway, and a native server of that era behind it.</summary>
[TestFixture(EraStage.Legacy)]
[TestFixture(EraStage.Modern)]
internal sealed class StdioBehaviourTests(string version)
{
    private EraStage _stage = null!;
    private BridgeRun _bridge = null!;
    private SdkClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await EraStage.StartAsync(version);
        _bridge = BridgeRun.Start(_stage.Url, _stage.Person.AccessToken);
        _client = await SdkClient.ConnectAsync(_stage, _bridge.Transport);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _client.DisposeAsync();
        await _bridge.DisposeAsync();
        await _stage.DisposeAsync();
    }

    [Test]
    public async Task Lists_calls_prompts_and_resources_pass_in_the_clients_era()
    {
        var tools = await _client.Mcp.ListToolsAsync();
        var prompt = await _client.Mcp.GetPromptAsync("test_simple_prompt");
        var resource = await _client.Mcp.ReadResourceAsync("test://static-text");
        var text = await _client.CallAsync("test_simple_text");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_client.Mcp.NegotiatedProtocolVersion, Is.EqualTo(version));
            Assert.That(tools.Select(tool => tool.Name), Does.Contain("test_simple_text"));
            Assert.That(((TextContentBlock)prompt.Messages.Single().Content).Text, Is.EqualTo("This is a simple prompt for testing."));
            Assert.That(((TextResourceContents)resource.Contents.Single()).Text, Is.EqualTo("This is the content of the static text resource."));
            Assert.That(text, Is.EqualTo(ContentTools.SimpleText));
            Assert.That(_stage.Server.Calls("tools/call")[^1].Headers["MCP-Protocol-Version"], Is.EqualTo(version));
        }
    }

    [Test]
    public async Task Questions_to_the_client_come_and_its_answers_reach_the_tool()
    {
        var before = _client.Asked.Count;
        var elicited = _stage.IsModern
            ? await _client.CallAsync("test_input_required_result_elicitation")
            : await _client.CallAsync("test_elicitation", ("message", "What is your name?"));
        var sampled = _stage.IsModern
            ? await _client.CallAsync("test_input_required_result_sampling")
            : await _client.CallAsync("test_sampling", ("prompt", "What is the capital of France?"));

        Assert.That(_client.Asked.Skip(before), Is.EqualTo(new[] { "What is your name?", "What is the capital of France?" }));
        Assert.That(elicited, Is.EqualTo(_stage.IsModern ? "Hello, Ada!" : """User response: accept {"response":"Ada"}"""));
        Assert.That(sampled, Is.EqualTo(_stage.IsModern ? "The model said: Paris" : "LLM response: Paris"));
    }

    [Test]
    public async Task Progress_arrives_whole()
    {
        var before = _client.Progress.Count;

        await _client.CallAsync("test_tool_with_progress", progress: new KeptProgress());

        Assert.That(await Eventually.HoldsAsync(() => _client.Progress.Count >= before + 3), Is.True);
        // This client handles what comes side by side; that the order is kept, one that does not shows.
        Assert.That(_client.Progress.Skip(before), Is.EquivalentTo(new[] { 0d, 50, 100 }));
    }

    [Test]
    public async Task Cancelled_call_ends_at_the_server_and_the_client_goes_on()
    {
        var key = $"bridge-cancel-{version}";
        var call = _client.Mcp.SendRequestAsync(new JsonRpcRequest
        {
            Id = new RequestId(key),
            Method = RequestMethods.ToolsCall,
            Params = new JsonObject { ["name"] = HeldCalls.Tool, ["arguments"] = new JsonObject { ["key"] = key } },
        });
        Assert.That(await Eventually.HoldsAsync(() => _stage.HeldCalls.HasBegun(key)), Is.True);

        // On stdio, clients of either era say so; this SDK gives up waiting when it has.
        await _client.Mcp.SendNotificationAsync(NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = new RequestId(key) });

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await Eventually.HoldsAsync(() => _stage.HeldCalls.IsCancelled(key)), Is.True, "the server's call is cancelled");
        Assert.That(await _client.CallAsync("test_simple_text"), Is.EqualTo(ContentTools.SimpleText));
    }

    [Test]
    public async Task Changes_are_reported()
    {
        await using var listening = await SdkListening.StartAsync(_client, _stage, FixtureResources.Watched);

        var isHeard = await Eventually.HoldsAfterAsync(
            () => _stage.Server.Subscriptions.UpdateAsync(FixtureResources.Watched),
            () => _client.Notifications(NotificationMethods.ResourceUpdatedNotification).Count > 0);

        Assert.That(isHeard, Is.True);
    }

    [Test]
    public async Task Stream_that_breaks_in_the_middle_of_a_call_is_taken_up_again_where_the_era_can()
    {
        var key = $"bridge-cut-{version}";
        var progress = new KeptProgress();
        var call = _client.CallAsync(HeldCalls.Tool, ("key", key), progress);
        Assert.That(await Eventually.HoldsAsync(() => progress.Values.Count > 0), Is.True, "the call has begun");

        _stage.Proxy.Cut();

        if (_stage.IsModern)
        {
            Assert.That(async () => await call, Throws.InstanceOf<McpProtocolException>().With.Message.Contains("may have been carried out"));
        }
        else
        {
            _stage.HeldCalls.Release(key);
            Assert.That(await call, Is.EqualTo(HeldCalls.ResultOf(key)));
        }

        Assert.That(await Eventually.HoldsAsync(AnswersAsync), Is.True, "the bridge goes on");
    }

    [Test]
    public async Task Parameters_that_a_header_repeats_are_repeated()
    {
        if (!_stage.IsModern)
            return;
        await _client.Mcp.ListToolsAsync();

        var result = await _client.Mcp.CallToolAsync("test_header_tool", HeaderToolArguments());

        Assert.That(result.IsError, Is.Not.True, SdkClient.TextOf(result));
        Assert.That(_stage.Server.Calls("tools/call")[^1].Headers.Keys, Has.Some.StartsWith("Mcp-Param-").IgnoreCase);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await _client.CallAsync("test_simple_text") == ContentTools.SimpleText;
        }
        catch (McpException)
        {
            // A connection of the pool that was cut as well.
            return false;
        }
    }

    private static Dictionary<string, object?> HeaderToolArguments() => new() { ["region"] = "südlich", ["query"] = "q" };
}
