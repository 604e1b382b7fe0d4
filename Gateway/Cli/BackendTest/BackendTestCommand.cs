using System.CommandLine;
using Cortex.Cli.Findings;

namespace Cortex.Cli.BackendTest;

/// <summary><c>cortex backend test URL</c>: holds a backend against the contract and prints one line for each check, with what to mend. Exit code 1 on any fault.</summary>
internal static class BackendTestCommand
{
    public static Command Create()
    {
        var arguments = new BackendTestArguments();
        var test = new Command("test", "Check a backend against the contract and print what to mend. Nothing that might write is called, but for --call.");
        arguments.AddTo(test);
        FindingCommand.SetAction(
            test, arguments.Read, (options, findings, cancellationToken) => BackendTester.RunAsync(options, findings, TimeProvider.System, cancellationToken));
        return new Command("backend", "Tools for who writes backends.") { test };
    }
}
