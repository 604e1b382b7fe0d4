using System.Diagnostics;
using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Mcp.Streams;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Entitlements;

/// <summary>What MCP clients see of a plan that changes, at two replicas on PostgreSQL and Redis that have both cached the person's plan.</summary>
internal sealed class PlanReplicaTests
{
    private const string ToolsChanged = "notifications/tools/list_changed";

    private CaptureBackend _notes = null!;
    private TestStorage _storage = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _notes = await CaptureBackend.StartAsync();
        _notes.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("write", "mcp:notes:write"));
        _storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        var yaml = $$"""
            identity: { plans: { free: ['mcp:notes:read'], pro: ['mcp:notes:*'] }, defaultPlan: pro }
            backends: { notes: { url: "{{_notes.Url}}" } }
            """;
        _first = await GatewayHost.StartAsync(yaml, _storage);
        _second = await GatewayHost.StartAsync(yaml, _storage, publicUrl: _first.Url);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _storage.DisposeAsync();
        await _notes.DisposeAsync();
    }

    [Test]
    public async Task Downgrade_acts_at_every_replica_and_the_call_is_answered_with_the_plan_and_never_a_challenge()
    {
        using var here = await TestPerson.SignInAsync(_first, "down@example.com", "mcp:notes:read mcp:notes:write");
        using var there = here.At(_second);
        Assert.That((await ToolsAsync(here), await ToolsAsync(there)), Is.EqualTo((2, 2)));

        var since = Stopwatch.StartNew();
        await GiveAsync("down@example.com", "free");
        while (await ToolsAsync(there) != 1)
            Assert.That(since.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        TestContext.Out.WriteLine($"The other replica took {since.ElapsedMilliseconds} ms.");
        var refused = await there.CallAsync("notes_write");

        Assert.That(await ToolsAsync(here), Is.EqualTo(1));
        Assert.That((refused.Status, refused.IsToolError, refused.Headers.ContainsKey("WWW-Authenticate")), Is.EqualTo((200, true, false)));
        Assert.That(refused.Text, Does.Contain("the plan 'free' does not hold").And.Contain("'mcp:notes:write'").And.Contain("ask an operator"));
    }

    [Test]
    public async Task Upgrade_acts_at_once_where_the_token_holds_the_scope_and_is_a_challenge_where_it_does_not()
    {
        using var wide = await TestPerson.SignInAsync(_first, "up@example.com", "mcp:notes:read mcp:notes:write");
        await GiveAsync("up@example.com", "free");
        using var narrow = await TestPerson.SignInAsync(_first, "up@example.com", "mcp:notes:read mcp:notes:write");
        Assert.That((await ToolsAsync(wide), await ToolsAsync(narrow)), Is.EqualTo((1, 1)));

        await GiveAsync("up@example.com", "pro");
        var challenged = await narrow.CallAsync("notes_write");

        Assert.That(await ToolsAsync(wide), Is.EqualTo(2));
        Assert.That(challenged.Status, Is.EqualTo(403), "the token was given what the plan held then; a new consent can add to it");
        Assert.That(challenged.Headers["WWW-Authenticate"], Does.Contain("insufficient_scope").And.Contain("mcp:notes:write"));
    }

    [Test]
    public async Task Stream_at_another_replica_is_told_that_its_list_changed_and_ends([Values] bool modern)
    {
        var email = modern ? "modern@example.com" : "legacy@example.com";
        using var here = await TestPerson.SignInAsync(_first, email, "mcp:notes:read mcp:notes:write");
        using var there = here.At(_second);
        await using var stream = modern
            ? await TestStream.ListenAsync(there, _second, new JsonObject { ["toolsListChanged"] = true })
            : await TestStream.GetAsync(there, _second, await SessionStreamTests.OpenSessionAsync(there));
        await stream.UntilAsync(() => stream.Events.Count > 0);

        await GiveAsync(email, "free");

        await stream.UntilAsync(() => stream.IsEnded);
        Assert.That(stream.Methods.Count(method => method == ToolsChanged), Is.EqualTo(1));
        Assert.That(stream.Methods, Has.No.Member("notifications/prompts/list_changed"));
        Assert.That(stream.Comments[^1], Does.Contain("plan has changed"));
    }

    private static async Task<int> ToolsAsync(TestPerson person) => (await person.ModernAsync("tools/list")).ToolNames.Count;

    private async Task GiveAsync(string email, string plan)
    {
        var person = await _first.Get<PersonStore>().EnsureAsync(
            $"{_first.Url}/", $"development|{email}", new PersonClaims(email, true, null, null, null), CancellationToken.None);
        await _first.Get<PersonPlans>().SetAsync(new PlanDecision(person.Id, plan, "test", null), CancellationToken.None);
    }
}
