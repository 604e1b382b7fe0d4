using System.Text.Json.Nodes;
using Cortex.Catalog;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Toolsets;

/// <summary>Toolsets that come, change and go under a running gateway, and what open streams hear of it.</summary>
internal sealed class ToolsetChangeTests
{
    private const string ToolsChanged = "notifications/tools/list_changed";

    private static readonly JsonObject Everything = new() { ["toolsListChanged"] = true, ["promptsListChanged"] = true, ["resourcesListChanged"] = true };

    private CaptureBackend _notes = null!;
    private CaptureBackend _tickets = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private int _changes;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _notes = await CaptureBackend.StartAsync();
        _tickets = await CaptureBackend.StartAsync();
        ListTools(_notes, "read");
        ListTools(_tickets, "read");
        _gateway = await GatewayHost.StartAsync(
            Yaml("a: { backends: [notes] }"),
            customize: builder => builder.Services.AddSingleton(new CatalogSchedule { Interval = TimeSpan.FromMilliseconds(100), FirstRetry = TimeSpan.FromMilliseconds(50) }),
            builtins: true);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:tests");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _tickets.DisposeAsync();
        await _notes.DisposeAsync();
    }

    [Test]
    public async Task Streams_hear_of_changes_within_their_toolset_or_their_choice_and_of_no_others([Values] bool modern)
    {
        await ConfigureAsync("a: { backends: [notes] }", "b: { backends: [tickets] }");
        await using var atA = await ListenAsync("a", null, modern);
        await using var atB = await ListenAsync("b", null, modern);
        await using var choosingA = await ListenAsync(null, "notes", modern);
        await using var choosingB = await ListenAsync(null, "tickets", modern);
        await using var whole = await ListenAsync(null, null, modern);

        ListTools(_notes, "read", $"look{++_changes}");
        await atA.UntilAsync(ToolsChanged);
        await choosingA.UntilAsync(ToolsChanged);
        await whole.UntilAsync(ToolsChanged);
        ListTools(_tickets, "read", $"look{_changes}");
        await atB.UntilAsync(ToolsChanged);
        await choosingB.UntilAsync(ToolsChanged);
        await whole.UntilAsync(ToolsChanged, 2);

        foreach (var stream in new[] { atA, atB, choosingA, choosingB })
            Assert.That(stream.Methods.Count(method => method.EndsWith("list_changed", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Toolset_that_is_configured_is_served_and_one_that_is_removed_is_gone()
    {
        await ConfigureAsync("a: { backends: [notes] }", "b: { backends: [tickets] }");
        using var atC = _alice.AtToolset("c");
        using var atA = _alice.AtToolset("a");
        await using var streamOfA = await ListenAsync("a", null, modern: true);
        await using var streamOfB = await ListenAsync("b", null, modern: true);
        Assert.That((await atC.ModernAsync("tools/list")).Status, Is.EqualTo(404));

        await ConfigureAsync("b: { backends: [tickets] }", "c: { tools: [tickets_read], builtins: false }");

        Assert.That((await atC.ModernAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "tickets_read" }));
        Assert.That((await atA.ModernAsync("tools/list")).Status, Is.EqualTo(404));
        using var fresh = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:tests", $"{_gateway.McpUrl}/c");
        Assert.That(fresh.AccessToken, Is.Not.Empty, "its resource can be asked for");
        await streamOfA.UntilAsync(() => streamOfA.IsEnded);
        Assert.That(streamOfA.Comments[^1], Does.Contain("no longer configured"));
        Assert.That((streamOfB.IsEnded, streamOfB.Methods.Count), Is.EqualTo((false, 1)), "hears nothing of what is none of its business");
    }

    [Test]
    public async Task Streams_hear_when_their_toolset_is_changed_or_is_listed_otherwise()
    {
        await ConfigureAsync("a: { backends: [notes] }", "b: { backends: [tickets] }");
        await using var stream = await ListenAsync("a", null, modern: true);
        await using var other = await ListenAsync("b", null, modern: true);
        using var atA = _alice.AtToolset("a");

        await ConfigureAsync("a: { backends: [notes], tools: { exclude: [notes_read] } }", "b: { backends: [tickets] }");
        await stream.UntilAsync(ToolsChanged);
        Assert.That((await atA.ModernAsync("tools/list")).ToolNames, Has.No.Member("notes_read"));

        await ConfigureAsync("a: { backends: [notes], tools: { exclude: [notes_read] }, toolMode: search }", "b: { backends: [tickets] }");
        await stream.UntilAsync(ToolsChanged, 2);
        Assert.That((await atA.ModernAsync("tools/list")).ToolNames, Has.Member("find_tools"));
        Assert.That(other.Methods, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Bad_toolset_leaves_what_runs()
    {
        await ConfigureAsync("a: { backends: [notes] }");
        using var atA = _alice.AtToolset("a");
        using var atD = _alice.AtToolset("d");
        var live = _gateway.Get<LiveConfiguration>();

        await WriteAsync("a: { backends: [nots] }", "d: { backends: [notes] }");

        Assert.That(await Eventually.HoldsAsync(() => live.Status.Errors.Any(error => error.Path == "toolsets.a.backends[0]")));

        Assert.That((await atA.ModernAsync("tools/list")).ToolNames, Has.Member("notes_read"));
        Assert.That((await atD.ModernAsync("tools/list")).Status, Is.EqualTo(404));
        Assert.That(live.Status.Errors.Single().ToString(), Does.Contain("there is no backend 'nots'"));
    }

    private string Yaml(params string[] toolsets) => $$"""
        backends:
          notes: { url: "{{_notes.Url}}" }
          tickets: { url: "{{_tickets.Url}}" }
        toolsets:
          {{string.Join("\n  ", toolsets)}}
        """;

    private Task WriteAsync(params string[] toolsets) => File.WriteAllTextAsync(_gateway.ConfigFile, Yaml(toolsets));

    /// <summary>Waits until the gateway has taken it.</summary>
    private async Task ConfigureAsync(params string[] toolsets)
    {
        Assert.That(ToolsetId.TryParse($"mark{++_changes}", out var mark));
        await WriteAsync([.. toolsets, $"{mark}: {{ builtins: false }}"]);
        Assert.That(await Eventually.HoldsAsync(() => _gateway.Get<ToolsetDirectory>().Find(mark) is not null));
    }

    private async Task<TestStream> ListenAsync(string? toolset, string? backends, bool modern)
    {
        using var there = _alice.AtToolset(toolset, backends);
        if (modern)
            return await TestStream.ListenAsync(there, _gateway, Everything.DeepClone());
        var session = (await there.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject() })).Headers["Mcp-Session-Id"];
        var stream = await TestStream.GetAsync(there, _gateway, session);
        await stream.UntilAsync(() => stream.Events.Count > 0);
        return stream;
    }

    private static void ListTools(CaptureBackend backend, params string[] names) => backend.ListTools(names.Select(name => CaptureBackend.Tool(name, "mcp:tests")));
}
