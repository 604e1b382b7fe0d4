using System.CommandLine;

namespace Cortex.Cli.Completion;

/// <summary><c>cortex completion bash | zsh | fish | powershell</c>: prints a script that has the shell ask this program what fits next.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { HelpName = "SHELL", Description = "The shell: bash, zsh, fish or powershell." };
        shell.CompletionSources.Add([.. CompletionScripts.Shells]);
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !CompletionScripts.Shells.Contains(token.Value))
                result.AddError($"'{token.Value}' is no shell with a script. Write one of: {string.Join(", ", CompletionScripts.Shells)}.");
        });
        var command = new Command("completion", "Print a script that completes commands, options and names of backends in a shell.") { shell };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await parse.InvocationConfiguration.Output.WriteAsync(CompletionScripts.For(parse.GetRequiredValue(shell)).AsMemory(), cancellationToken);
            return 0;
        });
        return command;
    }
}
