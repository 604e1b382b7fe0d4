using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

/// <summary>One backend's refresh loop, on a clock of the test's own.</summary>
internal sealed class BackendRefreshTests
{
    private static readonly BackendDefinition Backend = BackendDefinitionFactory.Create(
        BackendId.Parse("notes"), new BackendOptions { Url = "http://127.0.0.1:1", StaleAfter = TimeSpan.FromMinutes(10) });

    private readonly KnownScopes _scopes = new();
    private readonly Readiness _readiness = new();
    private FakeTimeProvider _time = null!;
    private CatalogStore _store = null!;
    private ScriptedSource _source = null!;
    private CancellationTokenSource _stop = null!;
    private BackendRefresh _refresh = null!;
    private Task _loop = null!;

    [SetUp]
    public void Start()
    {
        _time = new FakeTimeProvider();
        _store = new CatalogStore(_scopes, new FixedOptions<GatewayOptions>(new GatewayOptions()), NullLogger<CatalogStore>.Instance);
        _source = new ScriptedSource(_time);
        _stop = new CancellationTokenSource();
        _refresh = new BackendRefresh(Backend, _source.ReadAsync, _store, _readiness, new CatalogSchedule(), _time, NullLogger<BackendRefresh>.Instance);
        _loop = _refresh.RunAsync(_stop.Token);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Test]
    public async Task Good_catalog_is_refreshed_every_minute_give_or_take_a_fifth()
    {
        await _source.ReadsAsync(1);
        await AdvanceAsync(TimeSpan.FromSeconds(47));
        Assert.That(_source.Reads, Is.EqualTo(1));
        await AdvanceAsync(TimeSpan.FromSeconds(26));
        await _source.ReadsAsync(2);
    }

    [Test]
    public async Task Wake_refreshes_ahead_of_time()
    {
        await _source.ReadsAsync(1);
        _refresh.Wake();
        await AdvanceAsync(TimeSpan.FromSeconds(6));
        await _source.ReadsAsync(2);
    }

    [Test]
    public async Task Failing_backend_keeps_its_last_good_list_until_it_is_stale()
    {
        await _source.ReadsAsync(1);
        Assert.That(_store.Current.Find(CatalogKind.Tool, "notes_read"), Is.Not.Null);
        _source.Failure = "connection refused";
        await AdvanceUntilAsync(() => _readiness.Current.Parts["backend:notes"].State == ReadinessState.Degraded);
        Assert.That(_store.Current.Find(CatalogKind.Tool, "notes_read"), Is.Not.Null);
        Assert.That(_readiness.Current.Parts["backend:notes"].Detail, Does.Contain("connection refused"));
        await AdvanceUntilAsync(() => _store.Current.Find(CatalogKind.Tool, "notes_read") is null);
        Assert.That(_time.GetUtcNow() - _source.LastGood, Is.GreaterThan(TimeSpan.FromMinutes(10)));
        Assert.That(_scopes.All, Is.Empty);
        Assert.That(_readiness.Current.Parts["backend:notes"].State, Is.EqualTo(ReadinessState.Failed));
        _source.Failure = null;
        await AdvanceUntilAsync(() => _store.Current.Find(CatalogKind.Tool, "notes_read") is not null);
        Assert.That(_readiness.Current.Parts["backend:notes"].State, Is.EqualTo(ReadinessState.Ready));
    }

    [Test]
    public async Task Source_that_breaks_does_not_end_the_loop()
    {
        await _source.ReadsAsync(1);
        _source.Breakage = new InvalidOperationException("not a string");
        await AdvanceUntilAsync(() => _readiness.Current.Parts["backend:notes"].State == ReadinessState.Degraded);
        _source.Breakage = null;
        await AdvanceUntilAsync(() => _readiness.Current.Parts["backend:notes"].State == ReadinessState.Ready);
    }

    [Test]
    public async Task Announced_change_is_looked_for_soon_and_told_only_when_there_is_one()
    {
        await _source.ReadsAsync(1);
        var before = Digests();
        var changes = new List<CatalogChange>();
        _store.Changed += changes.Add;

        _refresh.Announce();
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        await _source.ReadsAsync(2);

        await AdvanceUntilAsync(() => changes.Count > 0);
        Assert.That(changes.Select(change => change.Announced), Is.All.EqualTo(CatalogLists.None));
        Assert.That(Digests().DifferenceTo(before), Is.EqualTo(CatalogLists.None));

        ListDigests Digests() => _store.Current.ViewFor(ScopeSet.Of(Scope.Parse("mcp:notes:read"))).Digests;
    }

    [Test]
    public async Task Backend_that_never_answers_is_not_waited_for()
    {
        var readiness = new Readiness();
        readiness.Expect("backend:notes");
        var refresh = new BackendRefresh(Backend, NeverAsync, _store, readiness, new CatalogSchedule(), _time, NullLogger<BackendRefresh>.Instance);
        var loop = refresh.RunAsync(_stop.Token);

        await AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.That(readiness.Current.IsReady, Is.False);
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.That(readiness.Current.IsReady);
        Assert.That(readiness.Current.Parts["backend:notes"], Is.EqualTo(new ReadinessPart(ReadinessState.Failed, "it has not answered so far.")));

        await _stop.CancelAsync();
        Assert.That(async () => await loop, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Backend_that_answered_in_time_stays_ready()
    {
        await _source.ReadsAsync(1);
        await AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.That(_readiness.Current.Parts["backend:notes"].State, Is.EqualTo(ReadinessState.Ready));
    }

    private static async Task<BackendCatalog> NeverAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("Never.");
    }

    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++)
            await AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.That(condition());
    }

    private async Task AdvanceAsync(TimeSpan by)
    {
        for (var left = by; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            await Task.Yield();
        }

        await Task.Delay(5);
    }

    private sealed class ScriptedSource(TimeProvider time)
    {
        private readonly SemaphoreSlim _read = new(0);

        public int Reads { get; private set; }

        public string? Failure { get; set; }

        public Exception? Breakage { get; set; }

        public DateTimeOffset LastGood { get; private set; }

        public Task<BackendCatalog> ReadAsync(BackendDefinition backend, CancellationToken cancellationToken)
        {
            Reads++;
            _read.Release();
            if (Breakage is not null)
                throw Breakage;
            if (Failure is not null)
                throw new CatalogSourceException(Failure);
            LastGood = time.GetUtcNow();
            return Task.FromResult(new BackendCatalog([new OfferedItem(CatalogKind.Tool, "read", Scope.Parse("mcp:notes:read"), """{"name":"read"}"""u8.ToArray())], null, LastGood, []));
        }

        public async Task ReadsAsync(int count)
        {
            while (Reads < count)
                Assert.That(await _read.WaitAsync(TimeSpan.FromSeconds(5)), $"only {Reads} reads");
        }
    }
}
