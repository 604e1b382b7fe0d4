using System.CommandLine;
using System.CommandLine.Invocation;
using Cortex.Foundation.Configuration.Binding;

namespace Cortex.Cli.Usage;

/// <summary>Says what is wrong with what was typed, what may have been meant, and where to read on; all of it on the error stream.</summary>
internal static class UsageFaults
{
    /// <summary>Prints the faults; false when there are none.</summary>
    public static bool TryPrint(ParseResult parse, TextWriter error)
    {
        if (parse.Action is not ParseErrorAction)
            return false;
        var command = parse.CommandResult.Command;
        foreach (var word in parse.UnmatchedTokens)
            error.WriteLine($"'{word}' is not known here.{Near(word, command)}");
        if (parse.UnmatchedTokens.Count == 0)
        {
            foreach (var fault in parse.Errors.Select(fault => fault.Message).Distinct())
                error.WriteLine(fault);
        }

        var path = CommandTree.Walk(parse.RootCommandResult.Command).First(known => known.Command == command).Path;
        error.WriteLine($"See: cortex {(path.Length == 0 ? "" : path + " ")}--help");
        return true;
    }

    private static string Near(string word, Command command)
    {
        var known = word.StartsWith('-') ? command.Options.Select(option => option.Name) : command.Subcommands.Select(child => child.Name);
        return Suggestion.For(word, known) is { } near ? $" Did you mean '{near}'?" : "";
    }
}
