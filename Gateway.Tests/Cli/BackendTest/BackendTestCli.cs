using Cortex.Cli.Findings;

namespace Cortex.Tests.Cli.BackendTest;

/// <summary>One run of <c>cortex backend test</c>.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Output">What was printed.</param>
/// <param name="Error">What was printed as an error.</param>
/// <param name="Findings">The findings of a run with <c>--json</c>; none when it did not come to that.</param>
internal sealed record BackendTestCli(int Exit, string Output, string Error, IReadOnlyList<Finding> Findings)
{
    /// <summary>Runs it with <c>--json</c>.</summary>
    public static Task<BackendTestCli> RunAsync(params string[] args) => RunPlainAsync([.. args, "--json"]);

    /// <summary>Runs it as people read it.</summary>
    public static async Task<BackendTestCli> RunPlainAsync(params string[] args)
    {
        var run = await CommandRun.WithAsync(["backend", "test", .. args]);
        return new BackendTestCli(run.Exit, run.Output, run.Error, run.ReadFindings());
    }

    public IEnumerable<Finding> Of(Verdict verdict) => Findings.Where(finding => finding.Verdict == verdict);
}
