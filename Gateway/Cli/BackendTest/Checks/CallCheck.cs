using System.Text.Json;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>The one tool that the user asked to call, whatever it does.</summary>
internal sealed class CallCheck : IBackendCheck
{
    private const int MaxShown = 200;

    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        if (run.Options.Call is not { } name)
            return;
        var check = $"call.{name}";
        if (run.Tools.FirstOrDefault(tool => tool.Name == name) is not { } tool)
        {
            run.Findings.Fail(check, "the tool is not listed, or not as it must be", $"Call one of {string.Join(", ", run.Tools.Select(one => one.Name))}");
            return;
        }

        if (await run.AskAsync(check, run.Person, name, run.Options.Arguments, cancellationToken) is not { } answer)
            return;
        if (answer.Value is not { } value)
            run.Findings.Fail(check, ListedThings.Refused(answer), "If the arguments are right, look in the backend's log");
        else if (tool.HasOutputSchema && value.ValueKind != JsonValueKind.Object)
            run.Findings.Fail(check, $"it has an outputSchema and returns no object: {Show(answer.Text)}", "Return an object that fits the outputSchema, or list none");
        else
            run.Findings.Ok(check, $"{answer.Body.Length} bytes in {answer.Elapsed.TotalMilliseconds:0} ms: {Show(answer.Text)}");
    }

    private static string Show(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
