using System.CommandLine;

namespace Cortex.Cli.BackendTest;

/// <summary><c>cortex backend test URL</c>: holds a backend against the contract and prints one line for each check, with what to mend. Exit code 1 on any fault.</summary>
internal static class BackendTestCommand
{
    public static Command Create()
    {
        var options = new BackendTestArguments();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var test = new Command("test", "Check a backend against the contract and print what to mend. Nothing that might write is called, but for --call.") { json };
        options.AddTo(test);
        test.SetAction((parse, cancellationToken) => RunAsync(parse, options, parse.GetValue(json), cancellationToken));
        return new Command("backend", "Tools for who writes backends.") { test };
    }

    private static async Task<int> RunAsync(ParseResult parse, BackendTestArguments arguments, bool asJson, CancellationToken cancellationToken)
    {
        var output = parse.InvocationConfiguration.Output;
        var text = new FindingText(output == System.Console.Out && !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "");
        try
        {
            var options = arguments.Read(parse);
            var findings = new FindingLog(options.Secrets, finding =>
            {
                if (!asJson)
                    output.WriteLine(text.Write(finding));
            });
            await BackendTester.RunAsync(options, findings, TimeProvider.System, cancellationToken);
            var isOk = findings.Count(Verdict.Fail) == 0;
            await output.WriteLineAsync(asJson ? new BackendTestReport(isOk, options.Endpoint.OriginalString, findings.All).ToJson() : FindingText.Sum(findings));
            return isOk ? 0 : Refusals.ExitCode;
        }
        catch (BackendTestException exception)
        {
            await parse.InvocationConfiguration.Error.WriteLineAsync(exception.Message);
            return Refusals.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await parse.InvocationConfiguration.Error.WriteLineAsync("Stopped before the end.");
            return Refusals.ExitCode;
        }
    }
}
