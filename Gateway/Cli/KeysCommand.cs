using System.CommandLine;
using Cortex.Cli.Terminal;
using Cortex.Foundation.Sealing;

namespace Cortex.Cli;

/// <summary>
/// <c>cortex keys list | new | rotate</c>: the keys that seal what is in the database. <c>rotate</c> ends with 0 when only the new key is left, with 2 when
/// the operator has to change the configuration next.
/// </summary>
internal static class KeysCommand
{
    public static Command Create(CommandActions actions) => new("keys", "The keys that seal what is in the database: list, make and rotate them.")
    {
        Run(actions, "list", "Show the keys, and what each is still needed for.", rotate: false),
        MakeKey(),
        Run(actions, "rotate", "Change the key while the gateway serves: add a new one, seal everything anew, drop the old one.", rotate: true),
    };

    private static Command Run(CommandActions actions, string name, string description, bool rotate)
    {
        var config = ConfigOption.Create();
        var command = new Command(name, description) { config };
        command.SetAction((parse, cancellationToken) => Refusals.PrintAsync(
            parse.InvocationConfiguration.Error,
            () => Progress.WhileAsync(parse.InvocationConfiguration.Error, () => actions.Keys(new KeysOptions(parse.GetRequiredValue(config), rotate, parse.InvocationConfiguration.Output), cancellationToken))));
        return command;
    }

    private static Command MakeKey()
    {
        var command = new Command("new", "Print a new key for vault.keys. Keep it like a password.");
        command.SetAction(async (parse, cancellationToken) =>
        {
            var key = KeyNames.Make(TimeProvider.System);
            await parse.InvocationConfiguration.Output.WriteLineAsync(
                $"# In vault.keys:  - {{ id: {key.Id}, key: ${{file:/path/to/{key.Id}}} }}\n{Convert.ToBase64String(key.Material)}".AsMemory(), cancellationToken);
            return 0;
        });
        return command;
    }
}
