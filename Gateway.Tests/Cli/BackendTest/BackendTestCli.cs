using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Cli;
using Cortex.Cli.Findings;

namespace Cortex.Tests.Cli.BackendTest;

/// <summary>One run of <c>cortex backend test</c>.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Output">What was printed.</param>
/// <param name="Error">What was printed as an error.</param>
/// <param name="Findings">The findings of a run with <c>--json</c>; none when it did not come to that.</param>
internal sealed record BackendTestCli(int Exit, string Output, string Error, IReadOnlyList<Finding> Findings)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Runs it with <c>--json</c>.</summary>
    public static async Task<BackendTestCli> RunAsync(params string[] args)
    {
        var run = await RunPlainAsync([.. args, "--json"]);
        return run.Output.StartsWith('{')
            ? run with { Findings = JsonDocument.Parse(run.Output).RootElement.GetProperty("findings").Deserialize<IReadOnlyList<Finding>>(Json)! }
            : run;
    }

    /// <summary>Runs it as people read it.</summary>
    public static async Task<BackendTestCli> RunPlainAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var actions = new CommandActions
        {
            Sections = [],
            Serve = (_, _) => Task.FromResult(9),
            Migrate = (_, _) => Task.FromResult(9),
            Keys = (_, _) => Task.FromResult(9),
            ExportIntegrity = IntegrityCommands.ExportAsync,
            ImportIntegrity = IntegrityCommands.ImportAsync,
        };
        var exit = await CortexCommandLine.RunAsync(["backend", "test", .. args], actions, new InvocationConfiguration { Output = output, Error = error });
        return new BackendTestCli(exit, output.ToString(), error.ToString(), []);
    }

    public IEnumerable<Finding> Of(Verdict verdict) => Findings.Where(finding => finding.Verdict == verdict);
}
