using System.Data.Common;
using System.Threading.Channels;
using Cortex.Foundation.Observability;
using Cortex.Foundation.Storage;

namespace Cortex.Catalog.Names;

/// <summary>
/// Keeps the names on record, once each backend was tried: (1) newly given ones are written, (2) one that another replica gave away first is given up, (3) the other replicas are told.
/// Without the database names stay as they are in this process, and are written once it is back. The bus carries no content.
/// </summary>
internal sealed partial class NameRecords(
    CatalogStore catalog, NameStore store, Readiness readiness, ISharedState state, TimeProvider time, ILogger<NameRecords> logger)
    : BusFollower(state, BusChannel, time, logger)
{
    private const string BusChannel = "catalog.names";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private NameBook _recorded = NameBook.Empty;
    private volatile bool _isStale = true;
    private bool _isSettled;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        catalog.Changed += Note;
        readiness.Changed += Signal;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        catalog.Changed -= Note;
        readiness.Changed -= Signal;
    }

    protected override void Deliver(ReadOnlyMemory<byte> message) => Miss();

    protected override void Miss()
    {
        _isStale = true;
        Signal();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(base.ExecuteAsync(stoppingToken), KeepAsync(stoppingToken));

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await RecordAsync(stoppingToken);
                await _changed.Reader.ReadAsync(stoppingToken);
            }
            catch (DbException exception)
            {
                Log.NotRecorded(logger, exception);
                await Task.Delay(Pause, Time, stoppingToken);
            }
        }
    }

    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        if (!_isSettled)
        {
            if (readiness.Current.Parts.Values.Any(part => part.State == ReadinessState.Waiting))
                return;
            _isSettled = true;
            catalog.KeepNames();
        }

        if (_isStale)
        {
            _isStale = false;
            await ReadAsync(cancellationToken);
        }

        var fresh = catalog.Names.Claims.Where(claim => claim.Form.Length > 0 && _recorded.Of(claim.Owner) != claim).ToArray();
        if (fresh.Length == 0)
            return;
        await store.ClaimAsync(fresh, catalog.IsConfigured, cancellationToken);
        await ReadAsync(cancellationToken);
        await SendAsync([]);
    }

    /// <summary>Reads what is on record, and takes over what differs from what this replica shows.</summary>
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _recorded = await store.LoadAsync(cancellationToken);
        }
        catch (DbException)
        {
            _isStale = true;
            throw;
        }

        if (catalog.Names.Claims.Any(claim => _recorded.Of(claim.Owner) is { } recorded && recorded.Form == claim.Form && recorded != claim)
            || _recorded.Claims.Any(claim => catalog.Names.HolderOf(claim.Owner.Kind, claim.PublicName) is null))
            catalog.Adopt(_recorded);
    }

    private void Note(CatalogChange change) => Signal();

    private void Signal() => _changed.Writer.TryWrite(true);

    private static partial class Log
    {
        [LoggerMessage(4020, LogLevel.Error, "The names of tools can't be read or written just now; they stay as they are in this process until the database is back", EventName = "names.not_recorded")]
        public static partial void NotRecorded(ILogger logger, Exception exception);
    }
}
