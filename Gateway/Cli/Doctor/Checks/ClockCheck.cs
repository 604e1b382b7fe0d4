using System.Globalization;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether the clocks agree: tokens are good from one second to another.</summary>
internal sealed class ClockCheck : IDoctorCheck
{
    private static readonly TimeSpan Warned = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Broken = TimeSpan.FromMinutes(2);

    public Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        var first = run.First!;
        if (!DateTimeOffset.TryParse(first.Header("Date"), CultureInfo.InvariantCulture, out var date))
        {
            run.Findings.Skip(FaultIds.Clock, "the answer bears no Date");
            return Task.CompletedTask;
        }

        // A Date has whole seconds, and may be of any moment between the request and the answer.
        var apart = date < first.Asked - TimeSpan.FromSeconds(1) ? first.Asked - date : date > first.Came ? date - first.Came : TimeSpan.Zero;
        var message = $"the server's clock and this machine's are {apart.TotalSeconds:0} s apart (it says {date:u})";
        const string Mend = "Set both by NTP (chrony, systemd-timesyncd; on Kubernetes the nodes' clocks): tokens of a clock that is ahead are not valid yet, those of one that is behind end early";
        if (apart > Broken)
            run.Findings.Fail(FaultIds.Clock, message, Mend);
        else if (apart > Warned)
            run.Findings.Warn(FaultIds.Clock, message, Mend);
        else
            run.Findings.Ok(FaultIds.Clock, "the clocks agree");
        return Task.CompletedTask;
    }
}
