using System.CommandLine;
using Cortex.Cli.BackendTest;
using Cortex.Cli.Completion;
using Cortex.Cli.Doctor;
using Cortex.Cli.Stdio;
using Cortex.Cli.Usage;

namespace Cortex.Cli;

/// <summary>The command line of the product. Without arguments it serves <c>config/cortex.yaml</c>.</summary>
internal static class CortexCommandLine
{
    /// <summary>Every command there is.</summary>
    public static RootCommand Create(CommandActions actions)
    {
        var root = new RootCommand("Cortex Gateway: one MCP endpoint for everything a company's people let their agents touch.")
        {
            ServeCommand.Create(actions),
            CheckCommand.Create(actions),
            SchemaCommand.Create(actions),
            StdioCommand.Create(),
            CompletionCommand.Create(),
            MigrateCommand.Create(actions),
            KeysCommand.Create(actions),
            BackendTestCommand.Create(),
            DoctorCommand.Create(),
            IntegrityCommand.Create(actions),
        };
        HelpWithExamples.Apply(root);
        ValueGuard.Apply(root);
        return root;
    }

    /// <summary>Reads what was typed and runs nothing.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args, CommandActions actions) =>
        Create(actions).Parse(args.Count == 0 ? ["serve"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>Runs one command; gives the exit code: 0 done, 1 refused.</summary>
    /// <param name="args">What was typed.</param>
    /// <param name="actions">What the commands do.</param>
    /// <param name="streams">Where they print; unset: the console.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        CommandActions actions,
        InvocationConfiguration? streams = null,
        CancellationToken cancellationToken = default)
    {
        var parsed = Parse(args, actions);
        var configuration = streams ?? new InvocationConfiguration();
        configuration.EnableDefaultExceptionHandler = false;
        // A signal cancels the command and nothing more: how long a stop may take is gateway.drain's to say.
        configuration.ProcessTerminationTimeout = Timeout.InfiniteTimeSpan;
        return UsageFaults.TryPrint(parsed, configuration.Error) ? Refusals.ExitCode : await parsed.InvokeAsync(configuration, cancellationToken);
    }
}
