using System.Text;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Catalog.Personal;
using Cortex.Foundation.Model;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Personal;

/// <summary>What personal catalogs cost, and native servers of the company's own that list by the minted token.</summary>
internal sealed class PersonalBoundTests
{
    private const int MaxPersons = 4;

    private PersonalServer _server = null!;
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PersonalServer.StartAsync(NativeEra.LegacyStateful);
        _gateway = await GatewayHost.StartAsync(
            $$"""backends: { hr: { kind: mcp, url: "{{_server.Url}}", catalog: perPerson, scopes: { "secret_*": "mcp:hr:secret" } } }""",
            customize: builder => builder.Services.AddSingleton(PersonalSchedule.Patient with { MaxPersons = MaxPersons }));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Persons_beyond_the_bound_are_forgotten_and_read_anew()
    {
        var catalogs = _gateway.Get<PersonalCatalogs>();
        var persons = Enumerable.Range(0, 3 * MaxPersons).Select(_ => NewCaller()).ToArray();
        foreach (var person in persons.Append(persons[0]))
        {
            var snapshot = await catalogs.SettleAsync(person, new DefaultHttpContext(), default);
            Assert.That(snapshot.Items.Select(item => item.PublicName), Does.Contain($"hr_of_{person.Person!.Id}"));
            Assert.That(catalogs.Persons, Is.LessThanOrEqualTo(MaxPersons));
        }

        Assert.That(_server.Lists(persons[0].Person!.Id.Value), Is.EqualTo(2));
    }

    [Test]
    public async Task Scopes_of_tools_that_only_persons_have_can_be_asked_for_before_anyone_listed_them()
    {
        using var ann = await TestPerson.SignInAsync(_gateway, "ann@example.com", "mcp:hr mcp:hr:secret");
        using var ben = await TestPerson.SignInAsync(_gateway, "ben@example.com", "mcp:hr");
        foreach (var email in (string[])["ann@example.com", "ben@example.com"])
            _server.GiveTools((await Grants.PersonAsync(_gateway, email)).Value, "secret_file", "file");

        Assert.That((await ann.ModernAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "hr_file", "hr_secret_file" }));
        Assert.That((await ben.ModernAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "hr_file" }));
        Assert.That((await ben.CallAsync("hr_secret_file")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Machine_sees_nothing_of_it_and_a_warm_list_of_a_person_allocates_nothing_to_find()
    {
        var catalogs = _gateway.Get<PersonalCatalogs>();
        var person = NewCaller();
        var machine = person with { Person = null };
        var request = new DefaultHttpContext();
        await catalogs.SettleAsync(person, request, default);
        Assert.That(catalogs.For(machine, request, out _), Is.SameAs(_gateway.Get<CatalogStore>().Current));

        catalogs.For(person, request, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            catalogs.For(machine, request, out _);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        var again = catalogs.For(person, request, out _);
        Assert.That(catalogs.For(person, request, out _), Is.SameAs(again));
    }

    [Test]
    public void Snapshots_of_persons_refer_to_what_is_shared_and_change_nothing_about_it()
    {
        var shared = CatalogMerge.Merge([Builtins("whoami"), Backend("docs", "", Tool("read"), CatalogSamples.Address("doc://{id}"))]).Snapshot;
        var own = Backend("canva", "", Tool("whoami"), Tool("read"), Tool("draw"), CatalogSamples.Address("doc://mine"), CatalogSamples.Address("pic://{id}"));
        var link = AccountTool.Of(Backend("read", "").Backend with { Prefix = "docs" }, AccountLinking.Done);

        var merged = CatalogMerge.MergeOwn(shared, [own], [link]);
        var snapshot = merged.Snapshot;

        Assert.That(
            snapshot.Items.Select(item => $"{item.Backend.Id}:{item.PublicName}"),
            Is.EqualTo(new[]
            {
                "canva:canva_read", "canva:canva_whoami", "canva:cortex+canva+doc://mine", "docs:doc://{id}", "canva:draw", "canva:pic://{id}", "docs:read", "cortex:whoami",
            }));
        Assert.That(merged.Faults, Is.Empty);
        foreach (var item in shared.Items)
            Assert.That(snapshot.Find(item.Kind, item.PublicName), Is.SameAs(item));
        Assert.That(snapshot.FindResource("doc://mine")!.Backend.Id.Value, Is.EqualTo("docs"));
        Assert.That(snapshot.FindResource("cortex+canva+doc://mine")!.OriginalName, Is.EqualTo("doc://mine"));
        Assert.That(snapshot.ResourceUris.ToPublic(BackendId.Parse("docs"), "doc://mine"), Is.EqualTo("doc://mine"));
        Assert.That(snapshot.ResourceUris.ToPublic(BackendId.Parse("canva"), "doc://other"), Is.EqualTo("cortex+canva+doc://other"));
        Assert.That(snapshot.ResourceUris.ToPublic(BackendId.Parse("canva"), "pic://1"), Is.EqualTo("pic://1"));
        Assert.That(snapshot.FindResource("pic://1")!.Backend.Id.Value, Is.EqualTo("canva"));
    }

    [Test]
    public void View_without_own_items_is_the_shared_one_in_bytes_and_digests()
    {
        var scopes = ScopeSet.Of(Scope.Parse("s:1"));
        var shared = CatalogMerge.Merge([Backend("docs", "docs", Tool("read"))]).Snapshot;
        var none = CatalogMerge.MergeOwn(shared, [], []).Snapshot.ViewFor(scopes);
        var some = CatalogMerge.MergeOwn(shared, [Backend("canva", "canva", Tool("draw"))], []).Snapshot.ViewFor(scopes);

        Assert.That(none.Digests, Is.EqualTo(shared.ViewFor(scopes).Digests));
        Assert.That(none.MemberOf(CatalogKind.Tool), Is.EqualTo(shared.ViewFor(scopes).MemberOf(CatalogKind.Tool)), "not copied");
        Assert.That(some.Digests.DifferenceTo(none.Digests), Is.EqualTo(CatalogLists.Tools));
        Assert.That(Encoding.UTF8.GetString(some.MemberOf(CatalogKind.Tool).Span), Is.EqualTo("""
            "tools":[{"name":"canva_draw"},{"name":"docs_read"}]
            """));
    }

    private static Caller NewCaller()
    {
        var scopes = ScopeSet.Of(Scope.Parse("mcp:hr"));
        var id = PersonId.New(TimeProvider.System);
        return new Caller(
            new Person(id, "https://issuer.example", id.Value, null, false, null, null, null), "client", "https://issuer.example", id.Value, id.Value, scopes, scopes, null, DateTimeOffset.UtcNow.AddHours(1));
    }

    private static OfferedItem Tool(string name) => CatalogSamples.Item(CatalogKind.Tool, name, new System.Text.Json.Nodes.JsonObject { ["name"] = name });

    private static (BackendDefinition Backend, BackendCatalog Catalog) Builtins(params string[] names) =>
        (BackendDefinition.Gateway, new BackendCatalog([.. names.Select(Tool)], null, DateTimeOffset.UnixEpoch, []));

    private static (BackendDefinition Backend, BackendCatalog Catalog) Backend(string id, string prefix, params OfferedItem[] items)
    {
        var (backend, catalog) = CatalogSamples.Backend(id, items);
        return (backend with { Prefix = prefix }, catalog);
    }
}
