using System.CommandLine;

namespace Cortex.Cli.Findings;

/// <summary>A command that checks something from outside: a line for each finding at once, or a report in JSON; exit code 1 on any fault.</summary>
internal static class FindingCommand
{
    /// <summary>Adds <c>--json</c> and what the command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="read">Reads what it was told; throws <see cref="UsageException"/>.</param>
    /// <param name="check">Runs the checks; throws <see cref="UsageException"/>.</param>
    public static void SetAction<TOptions>(Command command, Func<ParseResult, TOptions> read, Func<TOptions, FindingLog, CancellationToken, Task> check)
        where TOptions : IFindingOptions
    {
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        command.Options.Add(json);
        command.SetAction(async (parse, cancellationToken) =>
        {
            try
            {
                var options = read(parse);
                return await RunAsync(parse.InvocationConfiguration.Output, options, parse.GetValue(json), findings => check(options, findings, cancellationToken));
            }
            catch (UsageException exception)
            {
                await parse.InvocationConfiguration.Error.WriteLineAsync(exception.Message);
                return Refusals.ExitCode;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await parse.InvocationConfiguration.Error.WriteLineAsync("Stopped before the end.");
                return Refusals.ExitCode;
            }
        });
    }

    private static async Task<int> RunAsync(TextWriter output, IFindingOptions options, bool asJson, Func<FindingLog, Task> check)
    {
        var text = FindingText.For(output);
        var findings = new FindingLog(options.Secrets, finding =>
        {
            if (!asJson)
                output.WriteLine(text.Write(finding));
        });
        await check(findings);
        var isOk = findings.Count(Verdict.Fail) == 0;
        await output.WriteLineAsync(asJson ? new FindingReport(isOk, options.Address, findings.All).ToJson() : FindingText.Sum(findings));
        return isOk ? 0 : Refusals.ExitCode;
    }
}
