using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Cli;
using Cortex.Cli.Findings;

namespace Cortex.Tests.Cli;

/// <summary>One run of the real command line in this process, where no command does more than print.</summary>
/// <param name="Exit">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandRun(int Exit, string Output, string Error)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The real sections, and nothing that starts anything.</summary>
    public static CommandActions Actions { get; } = new()
    {
        Sections = Sections.All,
        Serve = (_, _) => Task.FromResult(0),
        Migrate = (_, _) => Task.FromResult(0),
        Keys = (_, _) => Task.FromResult(0),
        ExportIntegrity = (_, _) => throw new InvalidOperationException("Nothing is exported here."),
        ImportIntegrity = (_, _, _) => throw new InvalidOperationException("Nothing is imported here."),
    };

    /// <summary>The findings of an examination with <c>--json</c>; none when it did not come to that.</summary>
    public IReadOnlyList<Finding> ReadFindings() => Output.StartsWith('{')
        ? JsonDocument.Parse(Output).RootElement.GetProperty("findings").Deserialize<IReadOnlyList<Finding>>(Json)!
        : [];

    public static async Task<CommandRun> WithAsync(params IReadOnlyList<string> arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CortexCommandLine.RunAsync(arguments, Actions, new InvocationConfiguration { Output = output, Error = error });
        return new CommandRun(exit, output.ToString(), error.ToString());
    }
}
