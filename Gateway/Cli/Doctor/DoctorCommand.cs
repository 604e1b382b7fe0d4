using System.CommandLine;
using Cortex.Cli.Findings;

namespace Cortex.Cli.Doctor;

/// <summary>
/// <c>cortex doctor URL</c>: walks a live gateway from outside, as a client would, and prints one line for each check, with what to mend. Exit code 1 on any fault; a
/// warning alone is none.
/// </summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var arguments = new DoctorArguments();
        var command = new Command("doctor", "Examine a live gateway as a client sees it and print what to mend. Nothing is changed there, but for --register.");
        arguments.AddTo(command);
        FindingCommand.SetAction(
            command,
            arguments.Read,
            (options, findings, cancellationToken) => GatewayDoctor.RunAsync(options, findings, TimeProvider.System, cancellationToken));
        return command;
    }
}
