using System.Threading.Channels;
using Cortex.Backends;
using Cortex.Foundation.Observability;

namespace Cortex.Catalog;

/// <summary>
/// Keeps one backend's catalog fresh, on its own loop, so that no backend waits for another. A failing backend keeps its last good
/// catalog until <c>staleAfter</c>.
/// </summary>
internal sealed partial class BackendRefresh(
    BackendDefinition backend,
    Func<BackendDefinition, CancellationToken, Task<BackendCatalog>> read,
    CatalogStore store,
    Readiness readiness,
    CatalogSchedule schedule,
    TimeProvider time,
    ILogger<BackendRefresh> logger)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _isAnnounced;
    private int _announcedInARow;
    private volatile bool _isAsked;
    private volatile bool _isUrgent;
    private string? _lastFailure;
    private IReadOnlyList<string> _lastFaults = [];

    /// <summary>Name of this backend's part at <c>/readyz</c>.</summary>
    public static string PartOf(BackendDefinition backend) => $"backend:{backend.Id}";

    /// <summary>Called with each catalog that was read.</summary>
    public Action<BackendCatalog>? OnRead { get; init; }

    /// <summary>Asks for a refresh as soon as the least pause allows.</summary>
    public void Wake()
    {
        _isAsked = true;
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Asks for a refresh at once: what kept the last one from working may be mended.</summary>
    public void Hurry()
    {
        _isUrgent = true;
        _wake.Writer.TryWrite(true);
    }

    /// <summary>The backend said that lists changed: asks for a refresh, which finds out whether they did.</summary>
    public void Announce()
    {
        Volatile.Write(ref _isAnnounced, 1);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Refreshes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = schedule.FirstRetry;
        await using var patience = time.CreateTimer(
            _ => readiness.StopWaiting(PartOf(backend), "it has not answered so far."), null, schedule.StartPatience, Timeout.InfiniteTimeSpan);
        while (!cancellationToken.IsCancellationRequested)
        {
            var isGood = await RefreshAsync(cancellationToken);
            pause = isGood ? Jitter(schedule.Interval) : pause;
            await WaitAsync(pause, cancellationToken);
            pause = isGood ? schedule.FirstRetry : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, schedule.Interval.Ticks));
        }
    }

    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        _isAsked = false;
        _isUrgent = false;
        _announcedInARow = Interlocked.Exchange(ref _isAnnounced, 0) == 0 ? 0 : _announcedInARow + 1;
        try
        {
            var catalog = await read(backend, cancellationToken);
            store.Put(backend, catalog);
            Report(catalog);
            OnRead?.Invoke(catalog);
            return true;
        }
        catch (CatalogSourceException exception)
        {
            Fail(exception.Message);
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever a backend sends must not end its loop, and with it, at the next reload, the gateway.
            const string reason = "its catalog can't be read; the log says why.";
            if (reason != _lastFailure)
                Log.Unreadable(logger, backend.Id.Value, exception);
            Fail(reason);
            return false;
        }
    }

    private void Report(BackendCatalog catalog)
    {
        foreach (var fault in catalog.Faults.Except(_lastFaults))
            Log.ToolRefused(logger, backend.Id.Value, fault);
        _lastFaults = catalog.Faults;
        if (_lastFailure is not null)
            Log.Recovered(logger, backend.Id.Value, catalog.Tools);
        _lastFailure = null;
        if (catalog.Faults.Count == 0)
            readiness.Report(PartOf(backend), ReadinessState.Ready, $"{catalog.Tools} tools");
        else
            readiness.Degrade(PartOf(backend), $"{catalog.Tools} tools, {catalog.Faults.Count} refused: {catalog.Faults[0]}");
    }

    private void Fail(string reason)
    {
        if (reason != _lastFailure)
            Log.Failed(logger, backend.Id.Value, reason);
        _lastFailure = reason;
        var fetchedAt = store.FetchedAt(backend.Id);
        if (fetchedAt is not null && time.GetUtcNow() - fetchedAt > backend.Options.StaleAfter)
        {
            store.Remove(backend.Id);
            fetchedAt = null;
            Log.Stale(logger, backend.Id.Value, backend.Options.StaleAfter);
        }

        if (fetchedAt is null)
            readiness.Report(PartOf(backend), ReadinessState.Failed, reason);
        else
            readiness.Degrade(PartOf(backend), $"serving the catalog of {fetchedAt:u}: {reason}");
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        for (var rest = pause; rest > TimeSpan.Zero; rest = PauseNow(pause) - time.GetElapsedTime(startedAt))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Task.Delay(rest, time, either.Token), _wake.Reader.ReadAsync(either.Token).AsTask());
            await either.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>How long to pause, given what was asked for meanwhile.</summary>
    private TimeSpan PauseNow(TimeSpan pause)
    {
        if (_isUrgent)
            return Least(pause, schedule.AnnouncedPause);
        if (Volatile.Read(ref _isAnnounced) != 0)
            return Least(pause, _announcedInARow < schedule.MostAnnounced ? schedule.AnnouncedPause : schedule.LeastPause);
        return _isAsked ? Least(pause, schedule.LeastPause) : pause;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Spreads refreshes by a fifth either way, so that replicas and backends don't fall into step.</summary>
    private static TimeSpan Jitter(TimeSpan interval) => interval * (0.8 + (Random.Shared.NextDouble() * 0.4));

    private static partial class Log
    {
        [LoggerMessage(4010, LogLevel.Warning, "Backend '{Backend}' gives no catalog: {Reason}")]
        public static partial void Failed(ILogger logger, string backend, string reason);

        [LoggerMessage(4011, LogLevel.Information, "Backend '{Backend}' is back with {Tools} tools.")]
        public static partial void Recovered(ILogger logger, string backend, int tools);

        [LoggerMessage(4012, LogLevel.Warning, "Backend '{Backend}' failed for longer than {StaleAfter}; its tools are withdrawn until it is back.")]
        public static partial void Stale(ILogger logger, string backend, TimeSpan staleAfter);

        [LoggerMessage(4013, LogLevel.Warning, "Backend '{Backend}': {Fault}")]
        public static partial void ToolRefused(ILogger logger, string backend, string fault);

        [LoggerMessage(4014, LogLevel.Warning, "Backend '{Backend}' sent a catalog that can't be read.")]
        public static partial void Unreadable(ILogger logger, string backend, Exception exception);
    }
}
