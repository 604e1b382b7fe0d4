namespace Cortex.Foundation.Configuration.Reload;

/// <summary>Looks at the configuration's files every few seconds and tells, once for each distinct content, what came of it.</summary>
internal sealed partial class ReloadService(
    LiveConfiguration configuration,
    ReloadInterval interval,
    ReloadMetrics metrics,
    TimeProvider time,
    ILogger<ReloadService> logger) : BackgroundService
{
    private readonly PeriodicTimer _timer = new(interval.Value, time);

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogFindings(configuration.Status);
        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
                Tell(configuration.Reload());
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The gateway stops: this is how the loop ends.
        }
    }

    private void Tell(ReloadResult result)
    {
        switch (result)
        {
            case ReloadResult.Accepted accepted:
                metrics.Count("accepted");
                Log.Accepted(logger, configuration.File, Names(accepted.Changed));
                LogFindings(accepted.Status);
                break;
            case ReloadResult.Partial partial:
                metrics.Count("partial");
                Log.Partial(logger, configuration.File, Names(partial.Changed), partial.Status.Errors.Count);
                LogFindings(partial.Status);
                break;
            case ReloadResult.Rejected rejected:
                metrics.Count("rejected");
                Log.Rejected(logger, configuration.File, rejected.Status.Errors.Count, rejected.Status.LastGoodLoad);
                LogFindings(rejected.Status);
                break;
        }

        if (result.ListenerFailure is { } failure)
            Log.ListenerFailed(logger, failure);
    }

    private void LogFindings(ConfigurationStatus status)
    {
        foreach (var error in status.Errors)
            Log.Fault(logger, error);
        foreach (var path in status.PendingRestart)
            Log.NeedsRestart(logger, path);
    }

    private static string Names(IReadOnlyList<string> changed) => changed.Count == 0 ? "nothing" : string.Join(", ", changed);

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Information, "Configuration reloaded from {File}; changed: {Changed}", EventName = "ConfigurationReloaded")]
        public static partial void Accepted(ILogger logger, string file, string changed);

        [LoggerMessage(1202, LogLevel.Warning, "Configuration reloaded from {File}; changed: {Changed}; {Count} faults in included files, whose changes were left out", EventName = "ConfigurationReloadedInPart")]
        public static partial void Partial(ILogger logger, string file, string changed, int count);

        [LoggerMessage(1203, LogLevel.Error, "Configuration not reloaded: {File} and its included files hold {Count} faults; what was read at {LoadedAt:O} stays", EventName = "ConfigurationRejected")]
        public static partial void Rejected(ILogger logger, string file, int count, DateTimeOffset loadedAt);

        [LoggerMessage(1204, LogLevel.Warning, "{Fault}", EventName = "ConfigurationFault")]
        public static partial void Fault(ILogger logger, ConfigurationError fault);

        [LoggerMessage(1205, LogLevel.Warning, "The change of {Path} needs a restart; until then the running value stays", EventName = "ConfigurationNeedsRestart")]
        public static partial void NeedsRestart(ILogger logger, string path);

        [LoggerMessage(1206, LogLevel.Error, "Configuration reloaded, but a part of the gateway failed to take it over", EventName = "ConfigurationListenerFailed")]
        public static partial void ListenerFailed(ILogger logger, Exception exception);
    }
}
