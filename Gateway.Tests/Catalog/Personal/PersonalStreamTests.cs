using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Mcp.Streams;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Personal;

/// <summary>Who hears that lists changed when a person links an account, on two replicas over PostgreSQL and Redis.</summary>
internal sealed class PersonalStreamTests
{
    private const string ToolsChanged = "notifications/tools/list_changed";
    private const string PromptsChanged = "notifications/prompts/list_changed";
    private const string ResourcesChanged = "notifications/resources/list_changed";

    private TestStorage _storage = null!;
    private PersonalServer _own = null!;
    private PersonalServer _shared = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;
    private TestPerson _bob = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        _own = await PersonalServer.StartAsync(NativeEra.Modern);
        _own.TimeToLive = TimeSpan.FromMilliseconds(50);
        _shared = await PersonalServer.StartAsync(NativeEra.LegacyStateful);
        _shared.IsOpen = true;
        var yaml = $$"""
            backends:
              canva: { kind: mcp, url: "{{_own.Url}}", auth: linkedAccount, catalog: perPerson }
              hub: { kind: mcp, url: "{{_shared.Url}}", auth: linkedAccount }
            """;
        _first = await StartAsync(yaml, null);
        _second = await StartAsync(yaml, _first.Url);
        _bob = await TestPerson.SignInAsync(_first, "bob@example.com", "mcp:canva mcp:hub");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _bob.Dispose();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _own.DisposeAsync();
        await _shared.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Test]
    public async Task Linking_and_unlinking_is_told_on_the_persons_streams_of_every_replica_and_on_no_others([Values("canva", "hub")] string backend)
    {
        var email = $"alice-{backend}@example.com";
        using var alice = await TestPerson.SignInAsync(_first, email, "mcp:canva mcp:hub");
        using var aliceThere = alice.At(_second);
        await using var legacy = await TestStream.GetAsync(alice, _first, await SessionStreamTests.OpenSessionAsync(alice));
        await using var modern = await TestStream.ListenAsync(aliceThere, _second, new JsonObject { ["toolsListChanged"] = true });
        await using var bobs = await TestStream.ListenAsync(_bob, _second, new JsonObject { ["toolsListChanged"] = true, ["promptsListChanged"] = true });
        await legacy.UntilAsync(() => legacy.Events.Count > 0);
        var link = $"{backend}_link_account";
        Assert.That((await aliceThere.ModernAsync("tools/list")).ToolNames.Contains(link), Is.EqualTo(backend == "canva"));

        await Grants.LinkAsync(_first, email, backend, "alice");

        await modern.UntilAsync(ToolsChanged);
        await legacy.UntilAsync(() => new[] { ToolsChanged, PromptsChanged, ResourcesChanged }.All(legacy.Methods.Contains));
        if (backend == "canva")
        {
            await UntilAsync(async () => (await aliceThere.ModernAsync("tools/list")).ToolNames.Contains("canva_of_alice"));
            await UntilAsync(async () => (await alice.LegacyAsync("tools/list")).ToolNames.Contains("canva_of_alice"));
        }

        var (toldLegacy, toldModern) = (legacy.Methods.Count, modern.Methods.Count);
        await Grants.UnlinkAsync(_second, email, backend);

        await modern.UntilAsync(() => modern.Methods.Count > toldModern);
        await legacy.UntilAsync(() => legacy.Methods.Count > toldLegacy);
        Assert.That(modern.Methods, Has.None.EqualTo(PromptsChanged), "it was not asked for");
        Assert.That(bobs.Methods, Is.EqualTo(new[] { "notifications/subscriptions/acknowledged" }));
        Assert.That((await _bob.At(_second).ModernAsync("tools/list")).Body, Does.Not.Contain("alice"));
    }

    [Test]
    public async Task Server_that_lists_something_else_for_a_person_is_heard_of_by_them_alone()
    {
        using var ann = await TestPerson.SignInAsync(_first, "ann@example.com", "mcp:canva");
        using var ben = await TestPerson.SignInAsync(_first, "ben@example.com", "mcp:canva");
        await Grants.LinkAsync(_first, "ann@example.com", "canva", "ann");
        await Grants.LinkAsync(_first, "ben@example.com", "canva", "ben");
        await using var anns = await TestStream.ListenAsync(ann, _first, new JsonObject { ["toolsListChanged"] = true });
        await using var bens = await TestStream.ListenAsync(ben, _first, new JsonObject { ["toolsListChanged"] = true });
        Assert.That((await ann.ModernAsync("tools/list")).ToolNames, Does.Contain("canva_of_ann"));
        Assert.That((await ben.ModernAsync("tools/list")).ToolNames, Does.Contain("canva_of_ben"));
        var (before, bensBefore) = (anns.Methods.Count, bens.Methods.Count);

        _own.GiveTools("ann", "of_ann", "newcomer");

        await anns.UntilAsync(() => anns.Methods.Count > before);
        Assert.That((await ann.ModernAsync("tools/list")).ToolNames, Does.Contain("canva_newcomer"));
        var read = _own.Lists("ben");
        await UntilAsync(() => Task.FromResult(_own.Lists("ben") > read + 1));
        Assert.That(bens.Methods, Has.Count.EqualTo(bensBefore), "what is read anew and is the same is no change");
    }

    [Test]
    public async Task Catalog_that_is_late_holds_up_nothing_and_is_told_when_it_is_there()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = await PersonalServer.StartAsync(NativeEra.Modern);
        slow.Hold = release.Task;
        await using var gateway = await GatewayHost.StartAsync(
            $$"""
            backends:
              slow: { kind: mcp, url: "{{slow.Url}}", catalog: perPerson }
              hub: { kind: mcp, url: "{{_shared.Url}}", auth: linkedAccount }
            """,
            customize: builder => builder.Services.AddSingleton(PersonalSchedule.Patient with { PersonalPatience = TimeSpan.FromMilliseconds(50) }));
        using var person = await TestPerson.SignInAsync(gateway, "lee@example.com", "mcp:slow mcp:hub");
        await using var stream = await TestStream.ListenAsync(person, gateway, new JsonObject { ["toolsListChanged"] = true });
        Assert.That((await person.ModernAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "hub_of_nobody" }));

        release.SetResult();

        await stream.UntilAsync(ToolsChanged);
        var id = await Grants.PersonAsync(gateway, "lee@example.com");
        Assert.That((await person.ModernAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "hub_of_nobody", $"slow_of_{id}" }));
        Assert.That((await person.CallAsync($"slow_of_{id}")).Text, Is.EqualTo($"called as {id}"));
    }

    private async Task<GatewayHost> StartAsync(string yaml, string? publicUrl) => await GatewayHost.StartAsync(
        yaml,
        _storage,
        publicUrl: publicUrl,
        customize: builder => builder.Services.AddSingleton(PersonalSchedule.Patient with { LeastPause = TimeSpan.FromMilliseconds(50) }));

    private static async Task UntilAsync(Func<Task<bool>> condition) => Assert.That(await Eventually.HoldsAsync(condition));
}
