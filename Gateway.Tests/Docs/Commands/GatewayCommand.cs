using Cortex.Cli;
using Cortex.Tests.Cli;
using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>cortex …</c>: the real command line takes it, without running it.</summary>
internal sealed class GatewayCommand : ICommandRule
{
    public bool Takes(ShellCommand command) => command.Program == "cortex";

    public IEnumerable<string> Faults(ShellCommand command) => FaultsOf(command.Arguments);

    /// <summary>What the command line says about these arguments.</summary>
    public static IEnumerable<string> FaultsOf(IReadOnlyList<string> arguments) => CortexCommandLine.Parse(arguments, CommandRun.Actions).Errors.Select(error => error.Message);

    /// <summary>What of these words is no command and no option, for a mention that leaves out what a command needs.</summary>
    public static IEnumerable<string> UnknownWords(IReadOnlyList<string> arguments)
    {
        var parsed = CortexCommandLine.Parse(arguments, CommandRun.Actions);
        return parsed.CommandResult.Parent is null && arguments.Count > 0 && !arguments[0].StartsWith('-') ? arguments.Take(1) : parsed.UnmatchedTokens;
    }
}
