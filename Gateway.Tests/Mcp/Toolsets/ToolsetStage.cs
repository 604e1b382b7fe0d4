using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Toolsets;

/// <summary>One gateway with toolsets for all tests that only look: notes and tickets speak the contract, docs is a native server, dark was never reached.</summary>
[SetUpFixture]
internal sealed class ToolsetStage
{
    public const string AllScopes = "mcp:notes:read mcp:notes:write mcp:tickets:read mcp:docs";

    public static CaptureBackend Notes { get; private set; } = null!;

    public static CaptureBackend Tickets { get; private set; } = null!;

    public static ConformanceServer Docs { get; private set; } = null!;

    public static GatewayHost Gateway { get; private set; } = null!;

    /// <summary>Has every scope, for all of <c>/mcp</c>.</summary>
    public static TestPerson Alice { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Notes = await CaptureBackend.StartAsync();
        Notes.ListTools(
            CaptureBackend.Tool("read", "mcp:notes:read", ("id", "string")), CaptureBackend.Tool("write", "mcp:notes:write"), CaptureBackend.Tool("get_help", "mcp:notes:read"));
        Tickets = await CaptureBackend.StartAsync();
        Tickets.ListTools(CaptureBackend.Tool("read", "mcp:tickets:read"), CaptureBackend.Tool("get_help", "mcp:tickets:read"));
        Docs = await ConformanceServer.StartAsync();
        Gateway = await GatewayHost.StartAsync(
            $$"""
            gateway: { name: Acme }
            backends:
              notes: { url: "{{Notes.Url}}" }
              tickets: { url: "{{Tickets.Url}}" }
              docs: { kind: mcp, url: "{{Docs.Url}}" }
              dark: { url: "http://127.0.0.1:1" }
            toolsets:
              support:
                title: Support desk
                description: Answering customers.
                instructions: Look at the note before you answer.
                backends: [notes, docs]
                tools: [notes_*, docs_test_simple_text]
              reader: { scopes: ["mcp:*:read"], builtins: false }
              finder: { backends: [docs, notes], toolMode: search, pinned: [notes_read] }
              one: { tools: [tickets_read] }
            """,
            builtins: true);
        Alice = await TestPerson.SignInAsync(Gateway, "alice@example.com", AllScopes);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        Alice.Dispose();
        await Gateway.DisposeAsync();
        await Docs.DisposeAsync();
        await Tickets.DisposeAsync();
        await Notes.DisposeAsync();
    }

    /// <summary>Sends a request in either era.</summary>
    public static Task<McpReply> SendAsync(TestPerson person, string method, System.Text.Json.Nodes.JsonObject? parameters, bool modern) =>
        modern ? person.ModernAsync(method, parameters) : person.LegacyAsync(method, parameters);
}
