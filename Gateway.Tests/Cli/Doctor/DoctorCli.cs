using Cortex.Cli.Findings;

namespace Cortex.Tests.Cli.Doctor;

/// <summary>One run of <c>cortex doctor</c>.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Output">What was printed.</param>
/// <param name="Error">What was printed as an error.</param>
/// <param name="Findings">The findings of a run with <c>--json</c>; none of another.</param>
internal sealed record DoctorCli(int Exit, string Output, string Error, IReadOnlyList<Finding> Findings)
{
    /// <summary>The names of the faults.</summary>
    public IEnumerable<string> Faults => Named(Verdict.Fail);

    /// <summary>The names of the warnings.</summary>
    public IEnumerable<string> Warnings => Named(Verdict.Warn);

    public static async Task<DoctorCli> RunAsync(params string[] args)
    {
        var run = await CommandRun.WithAsync(["doctor", .. args]);
        return new DoctorCli(run.Exit, run.Output, run.Error, run.ReadFindings());
    }

    private IEnumerable<string> Named(Verdict verdict) => Findings.Where(finding => finding.Verdict == verdict).Select(finding => finding.Check).Distinct();
}
