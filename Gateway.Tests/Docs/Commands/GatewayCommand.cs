using Cortex.Cli;
using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>cortex …</c>: the real command line takes it, without running it.</summary>
internal sealed class GatewayCommand : ICommandRule
{
    private static readonly CommandActions Nothing = new()
    {
        Sections = Sections.All,
        Serve = (_, _) => throw new NotSupportedException(),
        Migrate = (_, _) => throw new NotSupportedException(),
        Keys = (_, _) => throw new NotSupportedException(),
        ExportIntegrity = (_, _) => throw new NotSupportedException(),
        ImportIntegrity = (_, _, _) => throw new NotSupportedException(),
    };

    public bool Takes(ShellCommand command) => command.Program == "cortex";

    public IEnumerable<string> Faults(ShellCommand command) => FaultsOf(command.Arguments);

    /// <summary>What the command line says about these arguments.</summary>
    public static IEnumerable<string> FaultsOf(IReadOnlyList<string> arguments) => CortexCommandLine.Parse(arguments, Nothing).Errors.Select(error => error.Message);

    /// <summary>What of these words is no command and no option, for a mention that leaves out what a command needs.</summary>
    public static IEnumerable<string> UnknownWords(IReadOnlyList<string> arguments)
    {
        var parsed = CortexCommandLine.Parse(arguments, Nothing);
        return parsed.CommandResult.Parent is null && arguments.Count > 0 && !arguments[0].StartsWith('-') ? arguments.Take(1) : parsed.UnmatchedTokens;
    }
}
