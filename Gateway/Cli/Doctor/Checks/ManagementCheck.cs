using Cortex.Cli.Doctor.Wire;
using Cortex.Foundation.Observability;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>What of the operators' endpoints everyone can see, and whether the gateway says it is ready.</summary>
internal sealed class ManagementCheck : IDoctorCheck
{
    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        await LookAtMetricsAsync(run, cancellationToken);
        var reply = await run.Probe.GetAsync(new Uri(run.Origin + ManagementPaths.Readiness), null, cancellationToken);
        if (reply is ProbeReply.Answered { Status: 503 } answer)
            run.Findings.Warn(FaultIds.Ready, $"{ManagementPaths.Readiness} says that the gateway is not ready: {answer.Text}", "Mend the part it names; its log says more");
        else if (reply is ProbeReply.Answered { Status: 200, Document: { } state } && state.Text("status") is { } status)
            run.Findings.Ok(FaultIds.Ready, $"{ManagementPaths.Readiness} is public, and says {status}");
        else
            run.Findings.Ok(FaultIds.Ready, $"{ManagementPaths.Readiness} is not public");
    }

    private static async Task LookAtMetricsAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        var reply = await run.Probe.GetAsync(new Uri(run.Origin + ManagementPaths.Metrics), null, cancellationToken);
        if (reply is not ProbeReply.Answered { Status: 200 } answer || !answer.Text.Contains("# TYPE", StringComparison.Ordinal))
        {
            run.Findings.Ok(FaultIds.Metrics, $"{ManagementPaths.Metrics} is not public");
        }
        else if (run.Url is { IsLoopback: true, Scheme: "http" })
        {
            run.Findings.Ok(FaultIds.Metrics, $"{ManagementPaths.Metrics} is served beside {run.Url.AbsolutePath}; before others can reach the gateway, set gateway.management.port");
        }
        else
        {
            run.Findings.Warn(
                FaultIds.Metrics,
                $"everyone can read {run.Origin}{ManagementPaths.Metrics}: names of backends, and how much they are used",
                "Set gateway.management.port, which no proxy leads to, or keep the path back at the proxy ('location = /metrics { return 404; }' in nginx)");
        }
    }
}
