using System.CommandLine;

namespace Cortex.Cli.Usage;

/// <summary>Walks through all commands.</summary>
internal static class CommandTree
{
    /// <summary>A command and all below it, each with the words that lead to it; none for the root.</summary>
    public static IEnumerable<(string Path, Command Command)> Walk(Command root, string path = "") =>
        root.Subcommands.SelectMany(command => Walk(command, path.Length == 0 ? command.Name : $"{path} {command.Name}")).Prepend((path, root));
}
