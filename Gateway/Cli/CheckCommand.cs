using System.CommandLine;
using Cortex.Cli.Terminal;
using Cortex.Foundation.Configuration;

namespace Cortex.Cli;

/// <summary><c>cortex check --config FILE [--json]</c>: reads and validates everything, starts nothing. Exit code 1 on any fault.</summary>
internal static class CheckCommand
{
    public static Command Create(CommandActions actions)
    {
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("check", "Check the configuration and print every fault with its line.") { config, json };
        command.SetAction(async (parse, _) =>
        {
            var report = Check(parse.GetRequiredValue(config), actions.Sections, out var faults);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
                await output.WriteLineAsync(report.ToJson());
            else if (report.Ok)
                await output.WriteLineAsync($"{output.Paint(TextColour.Green, "ok")}: {report.File}, {report.Includes} included files, {report.Backends} backends");
            else
                await Refusals.PrintAsync(parse.InvocationConfiguration.Error, faults);
            return report.Ok ? 0 : Refusals.ExitCode;
        });
        return command;
    }

    private static CheckReport Check(string file, IReadOnlyList<ConfigurationSection> sections, out IReadOnlyList<ConfigurationError> faults)
    {
        try
        {
            var snapshot = LiveConfiguration.Load(file, sections, ProcessEnvironment.Read()).Current;
            faults = snapshot.FileErrors;
            return Report(file, faults, snapshot.Includes.Count, snapshot.BackendCount);
        }
        catch (ConfigurationException exception)
        {
            faults = exception.Errors;
            return Report(file, faults, 0, 0);
        }
    }

    private static CheckReport Report(string file, IReadOnlyList<ConfigurationError> faults, int includes, int backends) =>
        new(faults.Count == 0, file, includes, backends, [.. faults.Select(CheckReport.Fault.Of)]);
}
