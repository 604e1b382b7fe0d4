using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Cortex.Foundation.Configuration.Binding;

namespace Cortex.Cli.Usage;

/// <summary>
/// Refuses a word that looks like an option where a value is expected: the parser would take a misspelt <c>--flag</c> for the value of whatever comes next. Values that a command
/// checks itself are left to it.
/// </summary>
internal static class ValueGuard
{
    public static void Apply(RootCommand root)
    {
        foreach (var (_, command) in CommandTree.Walk(root))
        {
            foreach (var argument in command.Arguments.Where(argument => argument.Validators.Count == 0))
                argument.Validators.Add(result => Check(result, command));
            foreach (var option in command.Options.Where(option => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && option.Validators.Count == 0))
                option.Validators.Add(result => Check(result, option));
        }
    }

    private static void Check(ArgumentResult result, Command command)
    {
        if (result.Tokens.FirstOrDefault(IsOption) is { } token)
            result.AddError($"'{token.Value}' is no option of this command.{Near(token.Value, command)}");
    }

    private static void Check(OptionResult result, Option option)
    {
        if (result.Tokens.FirstOrDefault(IsOption) is { } token)
            result.AddError($"Option '{option.Name}' needs a value (was '{token.Value}').");
    }

    private static bool IsOption(Token token) => token.Value is ['-', _, ..] && !double.TryParse(token.Value, CultureInfo.InvariantCulture, out _);

    private static string Near(string word, Command command) =>
        Suggestion.For(word, command.Options.Select(option => option.Name)) is { } near ? $" Did you mean '{near}'?" : "";
}
