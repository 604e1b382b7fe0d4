using Cortex.Foundation.Configuration;
using Cortex.Foundation.Configuration.Reload;
using Cortex.Foundation.Observability;

namespace Cortex;

/// <summary>Shows at <c>/readyz</c> how well the running configuration matches its files.</summary>
internal sealed class ConfigurationHealth(LiveConfiguration configuration, Readiness readiness, ReloadInterval interval, TimeProvider time) : BackgroundService
{
    private const string Part = "configuration";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval.Value, time);
        try
        {
            do
            {
                Report(configuration.Status);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private void Report(ConfigurationStatus status)
    {
        if (status.Errors.Count > 0)
            readiness.Degrade(Part, $"running the configuration of {status.LastGoodLoad:u}; {status.Errors.Count} errors, first: {status.Errors[0]}");
        else if (status.PendingRestart.Count > 0)
            readiness.Degrade(Part, $"a change of {string.Join(", ", status.PendingRestart)} waits for a restart");
        else
            readiness.Report(Part, ReadinessState.Ready, $"loaded {status.LastGoodLoad:u}");
    }
}
