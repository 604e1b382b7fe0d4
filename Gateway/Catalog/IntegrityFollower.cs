using System.Threading.Channels;
using Cortex.Backends;
using Cortex.Governance.Integrity;

namespace Cortex.Catalog;

/// <summary>
/// Holds the catalogs at hand against the baseline anew when something was decided, here or at another replica, so that callers hear of it at once; and has
/// a backend read ahead of its time when another replica saw it offer something else.
/// </summary>
internal sealed class IntegrityFollower(IntegrityBus bus, CatalogIntegrity integrity, CatalogStore store, CatalogRefresher refresher) : BackgroundService
{
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        bus.Changed += Note;
        store.Changed += Note;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        bus.Changed -= Note;
        store.Changed -= Note;
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _changed.Reader.ReadAllAsync(stoppingToken))
        {
            foreach (var (backend, catalog) in store.All.Where(entry => !entry.Backend.IsGateway && entry.Catalog.HeldAt != bus.Generation))
                await HoldAnewAsync(backend, catalog, stoppingToken);
        }
    }

    private async Task HoldAnewAsync(BackendDefinition backend, BackendCatalog catalog, CancellationToken cancellationToken) =>
        store.Replace(backend, catalog, await integrity.HoldAsync(backend, catalog, isPersonal: false, cancellationToken));

    private void Note(IntegrityChange change)
    {
        if (change is { IsOffer: true, Backend: { } backend })
            refresher.Refresh(backend);
        _changed.Writer.TryWrite(true);
    }

    private void Note(CatalogChange change) => _changed.Writer.TryWrite(true);
}
