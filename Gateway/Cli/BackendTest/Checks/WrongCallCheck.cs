using System.Text;
using Cortex.Backends.Contract;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Calls that are wrong in every way that changes nothing: each must be refused with a sentence, and break nothing.</summary>
internal sealed class WrongCallCheck : IBackendCheck
{
    private static readonly (string Check, string Body, string What)[] Bodies =
    [
        ("wrong.json", """{"method": "list_tools",""", "a body that is not JSON"),
        ("wrong.empty", "", "an empty body"),
        ("wrong.array", """["list_tools"]""", "an array in place of {method, params}"),
        ("wrong.no-method", """{"params": {}}""", "a call without a method"),
        ("wrong.method-type", """{"method": 1, "params": {}}""", "a method that is a number"),
    ];

    /// <summary>Names that are members of every object in some languages.</summary>
    private static readonly string[] Members = ["toString", "constructor", "__proto__"];

    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        await RefusedCalls.ExpectAsync(run, "wrong.method", "no_such_method_or_tool", "{}", "an unknown method or tool", cancellationToken);
        foreach (var name in Members)
            await RefusedCalls.ExpectAsync(run, "wrong.member", name, "{}", $"the unknown tool '{name}'", cancellationToken);
        foreach (var (check, body, what) in Bodies)
            await RefusedCalls.ExpectAsync(run, check, body, what, cancellationToken);
        await CheckWithoutParamsAsync(run, cancellationToken);
        if (run.Tools.FirstOrDefault(tool => tool is { IsReadOnly: true, Required.Count: > 0 }) is { } needy)
            await RefusedCalls.ExpectAsync(run, "wrong.params", needy.Name, "{}", $"'{needy.Name}' without '{needy.Required[0]}'", cancellationToken);
        else
            run.Findings.Skip("wrong.params", "no tool that says it changes nothing needs a parameter, so that none was left out");
    }

    private static async Task CheckWithoutParamsAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        const string check = "wrong.no-params";
        var body = Encoding.UTF8.GetBytes($$"""{"method": "{{ContractMethods.ListTools}}"}""");
        if (run.Take(check, "list_tools without params", await run.Probe.PostAsync(run.Callers.Gateway, ContractMethods.ListTools, body, cancellationToken)) is not { } answer)
            return;
        if (answer.Value is null)
            run.Findings.Fail(check, $"list_tools without params is answered with {answer.Status}", "Take a call without params as one with {}");
        else
            run.Findings.Ok(check, "a call may leave params out");
    }
}
