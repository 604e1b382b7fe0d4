using System.CommandLine;
using Cortex.Cli.Terminal;

namespace Cortex.Cli;

/// <summary><c>cortex migrate --config FILE</c>: brings the database up to date and ends.</summary>
internal static class MigrateCommand
{
    public static Command Create(CommandActions actions)
    {
        var config = ConfigOption.Create();
        var command = new Command("migrate", "Bring the database up to date, for 'storage.migrate: never'.") { config };
        command.SetAction((parse, cancellationToken) => Refusals.PrintAsync(
            parse.InvocationConfiguration.Error,
            () => Progress.WhileAsync(parse.InvocationConfiguration.Error, () => actions.Migrate(new MigrateOptions(parse.GetRequiredValue(config)), cancellationToken))));
        return command;
    }
}
