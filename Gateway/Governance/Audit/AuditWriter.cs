using System.Data.Common;
using Cortex.Foundation.Observability;

namespace Cortex.Governance.Audit;

/// <summary>
/// Carries the queue into the database, batch by batch. A batch that fails is tried again, with growing pauses, until it is in: the queue
/// behind it holds what comes meanwhile. At shutdown it writes what is left as long as the host allows.
/// </summary>
internal sealed partial class AuditWriter(AuditQueue queue, AuditTable table, AuditLoss loss, Readiness readiness, TimeProvider time, ILogger<AuditWriter> logger)
    : BackgroundService
{
    private const string Part = "audit";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _closing = new();
    private volatile int _inHand;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        await _closing.CancelAsync();
        if (ExecuteTask is { } running)
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        if (_inHand + queue.Count is > 0 and var left)
            loss.Count(AuditSink.Database, left);
    }

    public override void Dispose()
    {
        _closing.Dispose();
        base.Dispose();
    }

    /// <param name="stoppingToken">Ended when the shutdown timeout is over: then what is left is given up.</param>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (await queue.TakeAsync(stoppingToken) is { Count: > 0 } batch)
        {
            _inHand = batch.Count;
            if (!await TryWriteAsync(batch, stoppingToken))
                return;
            _inHand = 0;
        }
    }

    /// <summary>Tries until the batch is in; false when told to give up.</summary>
    private async Task<bool> TryWriteAsync(IReadOnlyList<AuditEntry> batch, CancellationToken stoppingToken)
    {
        for (var pause = FirstPause; ; pause = Min(pause * 2, LongestPause))
        {
            try
            {
                await table.InsertAsync(batch, stoppingToken);
                if (pause > FirstPause)
                    Recovered();
                return true;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception exception) when (exception is DbException or IOException or TimeoutException or UnauthorizedAccessException)
            {
                if (pause == FirstPause)
                    Failed(exception);
            }

            await PauseAsync(pause, stoppingToken);
            if (stoppingToken.IsCancellationRequested)
                return false;
        }
    }

    /// <summary>Waits; at shutdown only shortly, for then time is short.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        if (!_closing.IsCancellationRequested)
            await Task.Delay(pause, time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else
            await Task.Delay(FirstPause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Failed(Exception exception)
    {
        Log.Failed(logger, exception, AuditQueue.Capacity);
        readiness.Degrade(Part, $"The database takes no audit records; up to {AuditQueue.Capacity} are kept in memory.");
    }

    private void Recovered()
    {
        Log.Recovered(logger);
        readiness.Report(Part, ReadinessState.Ready);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Warning, "The database takes no audit records; they are tried again, and up to {Capacity} are kept meanwhile", EventName = "audit.database_failed")]
        public static partial void Failed(ILogger logger, Exception exception, int capacity);

        [LoggerMessage(2102, LogLevel.Information, "The database takes audit records again", EventName = "audit.database_recovered")]
        public static partial void Recovered(ILogger logger);
    }
}
