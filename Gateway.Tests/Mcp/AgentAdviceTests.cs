using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>What agents are told on connecting: to ask the apps that explain themselves, by the names under which this caller sees their help.</summary>
internal sealed class AgentAdviceTests
{
    private CaptureBackend _notes = null!;
    private CaptureBackend _bare = null!;
    private CaptureBackend _mute = null!;
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _notes = await CaptureBackend.StartAsync();
        _notes.ListTools(CaptureBackend.Tool("get_help", "mcp:notes:read", ("topic", "string?")), CaptureBackend.Tool("read", "mcp:notes:read"));
        _bare = await CaptureBackend.StartAsync();
        _bare.ListTools(CaptureBackend.Tool("get_help", "mcp:bare:read"));
        _mute = await CaptureBackend.StartAsync();
        _mute.ListTools(CaptureBackend.Tool("read", "mcp:mute:read"));
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              notes: { url: "{{_notes.Url}}", prefix: my-notes }
              bare: { url: "{{_bare.Url}}", prefix: "" }
              mute: { url: "{{_mute.Url}}" }
            """);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _mute.DisposeAsync();
        await _bare.DisposeAsync();
        await _notes.DisposeAsync();
    }

    [Test]
    public async Task Instructions_name_each_help_tool_as_the_caller_sees_it([Values] bool modern)
    {
        using var alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read mcp:bare:read mcp:mute:read");

        var instructions = await InstructionsAsync(alice, modern);

        Assert.That(instructions, Does.Contain("prefer its help over guessing: get_help(topic?), my-notes_get_help(topic?).")
            .And.Contain("overview, concepts, workflows, conventions, limits, examples").And.Not.Contain("mute_get_help"));
    }

    [Test]
    public async Task Help_behind_a_scope_that_the_caller_lacks_is_not_named([Values] bool modern)
    {
        using var bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:mute:read");

        var instructions = await InstructionsAsync(bob, modern);

        Assert.That(instructions, Does.Contain("<app>_get_help(topic?), prefer it over guessing").And.Not.Contain("my-notes"));
    }

    private static async Task<string> InstructionsAsync(TestPerson person, bool modern)
    {
        var reply = modern
            ? await person.ModernAsync("server/discover")
            : await person.LegacyAsync("initialize", new JsonObject
            {
                ["protocolVersion"] = "2025-11-25",
                ["capabilities"] = new JsonObject(),
                ["clientInfo"] = new JsonObject { ["name"] = "test", ["version"] = "1" },
            });
        return (string)reply.Result["instructions"]!;
    }
}
