using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Cli;
using Cortex.Cli.Findings;

namespace Cortex.Tests.Cli.Doctor;

/// <summary>One run of <c>cortex doctor</c>.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Output">What was printed.</param>
/// <param name="Error">What was printed as an error.</param>
internal sealed record DoctorCli(int Exit, string Output, string Error)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The findings of a run with <c>--json</c>; none of another.</summary>
    public IReadOnlyList<Finding> Findings { get; } = Output.StartsWith('{')
        ? JsonDocument.Parse(Output).RootElement.GetProperty("findings").Deserialize<IReadOnlyList<Finding>>(Json)!
        : [];

    /// <summary>The names of the faults.</summary>
    public IEnumerable<string> Faults => Named(Verdict.Fail);

    /// <summary>The names of the warnings.</summary>
    public IEnumerable<string> Warnings => Named(Verdict.Warn);

    public static async Task<DoctorCli> RunAsync(params string[] args)
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
        var exit = await CortexCommandLine.RunAsync(["doctor", .. args], actions, new InvocationConfiguration { Output = output, Error = error });
        return new DoctorCli(exit, output.ToString(), error.ToString());
    }

    private IEnumerable<string> Named(Verdict verdict) => Findings.Where(finding => finding.Verdict == verdict).Select(finding => finding.Check).Distinct();
}
