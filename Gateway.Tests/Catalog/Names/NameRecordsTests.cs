using System.Text;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Catalog.Names;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Foundation.Storage;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Names;

/// <summary>Names across restarts and replicas, on both databases.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class NameRecordsTests(DatabaseDialect dialect)
{
    private TestDatabase _database = null!;
    private InProcessSharedState _bus = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _database = await TestDatabase.CreateMigratedAsync(dialect);
        _bus = new InProcessSharedState(TimeProvider.System, NullLogger<InProcessSharedState>.Instance);
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        await _bus.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task Name_stays_across_a_restart_whichever_backend_comes_first()
    {
        await using (var before = await StartAsync())
        {
            before.Offer("b", "search");
            await before.RecordedAsync("b");
            before.Offer("a", "search");
            await before.RecordedAsync("a");
        }

        await using var after = await StartAsync();
        after.Offer("a", "search");
        after.Offer("b", "search");
        Assert.That(after.Names(), Is.EquivalentTo(new[] { "b: search", "a: a_search" }));
    }

    [Test]
    public async Task Fresh_gateway_gives_the_same_names_whichever_backend_is_the_quickest()
    {
        await using var replica = new Replica(_database.Database, _bus);
        replica.Readiness.Expect("backend:a");
        await replica.StartAsync();
        replica.Offer("b", "search");
        Assert.That(replica.Names(), Is.EqualTo(new[] { "b: search" }));
        replica.Offer("a", "search");
        replica.Readiness.Report("backend:a", ReadinessState.Ready);
        await replica.RecordedAsync("a");
        Assert.That(replica.Names(), Is.EqualTo(new[] { "b: b_search", "a: search" }));
    }

    [Test]
    public async Task Two_replicas_that_meet_two_backends_in_opposite_order_agree()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        one.Offer("a", "search", "x");
        other.Offer("b", "search", "y");
        one.Offer("b", "search", "y");
        other.Offer("a", "search", "x");
        Assert.That(await Eventually.HoldsAsync(async () =>
            one.Names().SequenceEqual(other.Names()) && (await one.Store.LoadAsync(CancellationToken.None)).Claims.Count() == 4), string.Join("; ", one.Names().Concat(other.Names())));
        Assert.That(one.Names().Count(name => name.EndsWith(": search", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Name_of_a_backend_that_is_gone_from_the_configuration_can_be_taken()
    {
        await using var replica = await StartAsync();
        replica.Offer("a", "search");
        await replica.RecordedAsync("a");
        replica.Configure("b");
        replica.Offer("b", "search");
        await replica.RecordedAsync("b");
        Assert.That(replica.Names(), Is.EqualTo(new[] { "b: search" }));
    }

    private async Task<Replica> StartAsync()
    {
        var replica = new Replica(_database.Database, _bus);
        await replica.StartAsync();
        return replica;
    }

    private sealed class Replica : IAsyncDisposable
    {
        private readonly NameRecords _records;

        public Replica(Database database, ISharedState bus)
        {
            Catalog = new CatalogStore(new KnownScopes(), new FixedOptions<GatewayOptions>(new GatewayOptions()), NullLogger<CatalogStore>.Instance);
            Store = new NameStore(database, TimeProvider.System);
            _records = new NameRecords(Catalog, Store, Readiness, bus, TimeProvider.System, NullLogger<NameRecords>.Instance);
        }

        public CatalogStore Catalog { get; }

        public NameStore Store { get; }

        public Readiness Readiness { get; } = new();

        public async Task StartAsync()
        {
            await new NamePreparation(Catalog, Store).PrepareAsync(CancellationToken.None);
            await _records.StartAsync(CancellationToken.None);
        }

        public void Offer(string id, params string[] tools) => Catalog.Put(
            Backend(id),
            new BackendCatalog(
                [.. tools.Select(tool => new OfferedItem(CatalogKind.Tool, tool, null, Encoding.UTF8.GetBytes($$"""{"name":"{{tool}}"}""")))],
                null,
                DateTimeOffset.UnixEpoch,
                []));

        public void Configure(params string[] ids) => Catalog.Follow(BackendSnapshot.Of(Backends(ids)));

        private static BackendsOptions Backends(IEnumerable<string> ids)
        {
            var backends = new BackendsOptions();
            foreach (var id in ids)
                backends.Add(id, Options);
            return backends;
        }

        /// <summary>What each backend's tools are called, in the order of the names.</summary>
        public IReadOnlyList<string> Names() => [.. Catalog.Current.Items.Select(item => $"{item.Backend.Id}: {item.PublicName}")];

        public async Task RecordedAsync(string id) => Assert.That(
            await Eventually.HoldsAsync(async () => (await Store.LoadAsync(CancellationToken.None)).Claims.Any(claim => claim.Owner.Backend.Value == id)), $"The names of '{id}' are not on record.");

        public async ValueTask DisposeAsync()
        {
            await _records.StopAsync(CancellationToken.None);
            _records.Dispose();
        }

        private static BackendOptions Options { get; } = new() { Url = "http://127.0.0.1:1", Names = NamePolicy.OnConflict };

        private static BackendDefinition Backend(string id) => BackendDefinitionFactory.Create(BackendId.Parse(id), Options);
    }
}
