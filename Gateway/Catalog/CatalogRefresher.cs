using System.Collections.Concurrent;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Identity.Credentials;
using Cortex.Identity.Vault;
using Cortex.Sessions.Upstream;

namespace Cortex.Catalog;

/// <summary>
/// Runs one <see cref="BackendRefresh"/> for each configured backend whose catalog all share, and follows the configuration and the grants that catalogs are
/// read with.
/// </summary>
internal sealed class CatalogRefresher(
    BackendRegistry registry,
    CatalogStore store,
    CatalogReader reader,
    Readiness readiness,
    CatalogSchedule schedule,
    UpstreamListener listener,
    CatalogCredentials credentials,
    GrantListeners grants,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<BackendRefresh> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<BackendId, Running> _running = new();
    private readonly SemaphoreSlim _changed = new(0);
    private IReadOnlyList<BackendDefinition> _expected = [];

    /// <summary>Asks for a refresh of one backend ahead of its time, for example because it no longer knows a tool; false when it is not configured.</summary>
    public bool Refresh(BackendId backend)
    {
        if (!_running.TryGetValue(backend, out var running))
            return false;
        running.Refresh.Wake();
        return true;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _expected = [.. registry.Current.All];
        foreach (var backend in _expected)
            readiness.Expect(BackendRefresh.PartOf(backend));
        registry.Changed += SignalChange;
        grants.Changed += Take;
        grants.Missed += TakeMissed;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        registry.Changed -= SignalChange;
        grants.Changed -= Take;
        grants.Missed -= TakeMissed;
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Backends check the gateway's token by its metadata, so the gateway must listen before it asks them.
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            while (true)
            {
                await FollowAsync(registry.Current, stoppingToken);
                await _changed.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Values.Select(running => running.StopAsync()));
        }
    }

    /// <summary>Starts every loop anew, so that changed options act at once; last good catalogs stay, under the new options.</summary>
    private async Task FollowAsync(BackendSnapshot snapshot, CancellationToken stoppingToken)
    {
        foreach (var (id, running) in _running)
        {
            _running.TryRemove(id, out _);
            await running.StopAsync();
            if (snapshot.Find(id) is null)
                readiness.Forget(BackendRefresh.PartOf(running.Backend));
        }

        foreach (var backend in _expected.Where(backend => snapshot.Find(backend.Id) is null))
            readiness.Forget(BackendRefresh.PartOf(backend));
        _expected = [];
        store.Follow(snapshot);
        foreach (var backend in snapshot.All)
        {
            if (backend.IsPersonal)
                readiness.Report(BackendRefresh.PartOf(backend), ReadinessState.Ready, "each person has a catalog of their own");
            else
                _running[backend.Id] = Start(backend, stoppingToken);
        }
    }

    private Running Start(BackendDefinition backend, CancellationToken stoppingToken)
    {
        var announcements = new BackendAnnouncements(backend, listener, credentials);
        var refresh = new BackendRefresh(backend, reader.ReadSharedAsync, store, readiness, schedule, time, logger) { OnRead = announcements.Follow };
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        return new Running(backend, refresh, stop, RunAsync(refresh, announcements, stop.Token));
    }

    private static async Task RunAsync(BackendRefresh refresh, BackendAnnouncements announcements, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(refresh.RunAsync(cancellationToken), announcements.RunAsync(refresh, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>The account that a catalog is read with may have been linked just now, or taken away.</summary>
    private void Take(GrantKey key, GrantChange change)
    {
        if (_running.TryGetValue(key.Backend, out var running) && credentials.MayUse(running.Backend, key))
            running.Refresh.Hurry();
    }

    private void TakeMissed()
    {
        foreach (var running in _running.Values.Where(running => running.Backend.Options.CatalogAccount is not null))
            running.Refresh.Wake();
    }

    private void SignalChange() => _changed.Release();

    private sealed record Running(BackendDefinition Backend, BackendRefresh Refresh, CancellationTokenSource Stop, Task Loop)
    {
        public async Task StopAsync()
        {
            await Stop.CancelAsync();
            await Loop;
            Stop.Dispose();
        }
    }
}
