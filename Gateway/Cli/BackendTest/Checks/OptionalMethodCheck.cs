using Cortex.Backends.Contract;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>A method that a backend need not have, answers without arguments and changes nothing.</summary>
/// <param name="method">The method, and the name of the check.</param>
/// <param name="isForGateway">True when the gateway's own token may call it, and does here.</param>
internal sealed class OptionalMethodCheck(string method, bool isForGateway) : IBackendCheck
{
    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        if (await run.AskAsync(method, isForGateway ? run.Callers.Gateway : run.Person, method, "", cancellationToken) is not { } answer)
            return;
        if (UnknownMethod.Means(answer.Outcome) || (isForGateway && answer.Outcome is ContractOutcome.Denied))
            run.Findings.Ok(method, $"the backend has none ({answer.Status})");
        else if (!isForGateway && answer.Outcome is ContractOutcome.ScopeMissing missing)
            run.Findings.Skip(method, $"it needs the scope {missing.Required}, which no listed tool names", $"Name it: --scopes {missing.Required}");
        else if (answer.Value is not { } value)
            run.Findings.Fail(method, ListedThings.Refused(answer), $"Answer 200 and JSON, or 400 if you don't have {method}");
        else if ((!isForGateway || run.IsShort(method, answer)) && run.Fits(method, $"{method}.reply", value))
            run.Findings.Ok(method, "it is answered as the contract has it");
    }
}
