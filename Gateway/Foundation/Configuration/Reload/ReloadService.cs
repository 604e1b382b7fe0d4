using Cortex.Foundation.Observability;

namespace Cortex.Foundation.Configuration.Reload;

/// <summary>Looks at the configuration's files every few seconds and tells, once for each distinct content, what came of it.</summary>
internal sealed partial class ReloadService(
    LiveConfiguration configuration,
    ReloadInterval interval,
    Readiness readiness,
    TimeProvider time,
    ILogger<ReloadService> logger) : BackgroundService
{
    private const string ReadinessPart = "configuration";

    private readonly PeriodicTimer _timer = new(interval.Value, time);

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TellFindings(configuration.Status);
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
                ReloadMetrics.Count("accepted");
                Log.Accepted(logger, configuration.File, Names(accepted.Changed));
                TellFindings(accepted.Status);
                break;
            case ReloadResult.Partial partial:
                ReloadMetrics.Count("partial");
                Log.Partial(logger, configuration.File, Names(partial.Changed), partial.Status.Errors.Count);
                TellFindings(partial.Status);
                break;
            case ReloadResult.Rejected rejected:
                ReloadMetrics.Count("rejected");
                Log.Rejected(logger, configuration.File, rejected.Status.Errors.Count, rejected.Status.LastGoodLoad);
                TellFindings(rejected.Status);
                break;
        }

        if (result.ListenerFailure is { } failure)
            Log.ListenerFailed(logger, failure);
    }

    private void TellFindings(ConfigurationStatus status)
    {
        foreach (var error in status.Errors)
            Log.Fault(logger, error);
        foreach (var path in status.PendingRestart)
            Log.NeedsRestart(logger, path);
        if (status.Errors.Count > 0)
            readiness.Degrade(ReadinessPart, $"running the configuration of {status.LastGoodLoad:u}; {status.Errors.Count} errors, first: {status.Errors[0]}");
        else if (status.PendingRestart.Count > 0)
            readiness.Degrade(ReadinessPart, $"a change of {string.Join(", ", status.PendingRestart)} waits for a restart");
        else
            readiness.Report(ReadinessPart, ReadinessState.Ready, $"loaded {status.LastGoodLoad:u}");
    }

    private static string Names(IReadOnlyList<string> changed) => changed.Count == 0 ? "nothing" : string.Join(", ", changed);

    private static partial class Log
    {
        [LoggerMessage(1051, LogLevel.Information, "Configuration reloaded from {File}; changed: {Changed}", EventName = "ConfigurationReloaded")]
        public static partial void Accepted(ILogger logger, string file, string changed);

        [LoggerMessage(1052, LogLevel.Warning, "Configuration reloaded from {File}; changed: {Changed}; {Count} faults outside the main file, whose changes were left out", EventName = "ConfigurationReloadedInPart")]
        public static partial void Partial(ILogger logger, string file, string changed, int count);

        [LoggerMessage(1053, LogLevel.Error, "Configuration not reloaded: {File} and its included files hold {Count} faults; what was read at {LoadedAt:O} stays", EventName = "ConfigurationRejected")]
        public static partial void Rejected(ILogger logger, string file, int count, DateTimeOffset loadedAt);

        [LoggerMessage(1054, LogLevel.Warning, "{Fault}", EventName = "ConfigurationFault")]
        public static partial void Fault(ILogger logger, ConfigurationError fault);

        [LoggerMessage(1055, LogLevel.Warning, "The change of {Path} needs a restart; until then the running value stays", EventName = "ConfigurationNeedsRestart")]
        public static partial void NeedsRestart(ILogger logger, string path);

        [LoggerMessage(1056, LogLevel.Error, "Configuration reloaded, but a part of the gateway failed to take it over", EventName = "ConfigurationListenerFailed")]
        public static partial void ListenerFailed(ILogger logger, Exception exception);
    }
}
