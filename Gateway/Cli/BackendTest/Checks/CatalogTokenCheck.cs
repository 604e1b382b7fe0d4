using Cortex.Backends.Contract;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Whether the gateway's own token reaches the lists alone, and a person's no more than their scopes. What is tried changes nothing.</summary>
internal sealed class CatalogTokenCheck : IBackendCheck
{
    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        if (!run.Callers.Mints)
        {
            run.Findings.Skip("auth.catalog", "the gateway's own token can't be made from what was given", "Let the backend trust a test's own issuer, by --issuer");
            return;
        }

        await CheckCatalogAsync(run, cancellationToken);
        await CheckScopeAsync(run, cancellationToken);
    }

    private static async Task CheckCatalogAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        const string check = "auth.catalog";
        string[] tried = [.. new[] { ContractMethods.WhoAmI, ContractMethods.GetHelp, run.Harmless }.OfType<string>().Distinct()];
        var reached = new List<string>();
        foreach (var method in tried)
        {
            if (await run.AskAsync(check, run.Callers.Gateway, method, "", cancellationToken) is { Value: not null } answer && !UnknownMethod.Means(answer.Outcome))
                reached.Add(method);
        }

        if (reached.Count > 0)
            run.Findings.Fail(check, $"the gateway's own token, which stands for no person, calls {string.Join(" and ", reached)}", "Answer 403 to a token with the scope cortex:catalog for anything but the lists and get_snapshot");
        else
            run.Findings.Ok(check, "the gateway's own token reaches the lists alone");
    }

    private static async Task CheckScopeAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        const string check = "auth.scope";
        if (run.Harmless is not { } tool)
        {
            run.Findings.Skip(check, "no tool says that it changes nothing, so that none was called", "Give tools that only read \"annotations\": {\"readOnlyHint\": true}");
            return;
        }

        if (await run.AskAsync(check, run.Callers.Person("openid"), tool, "", cancellationToken) is not { } answer)
            return;
        switch (answer.Outcome)
        {
            case ContractOutcome.ScopeMissing missing:
                run.Findings.Ok(check, $"'{tool}' without its scope is refused, and names {missing.Required}");
                break;
            case ContractOutcome.Returned when !UnknownMethod.Means(answer.Outcome):
                run.Findings.Warn(check, $"'{tool}' is done for a person without its scope", "Check the scope as well as the gateway does: answer 403 and {\"required\": \"<scope>\"}");
                break;
            default:
                run.Findings.Warn(check, $"'{tool}' without its scope is answered with {answer.Status}", "Answer 403 and {\"required\": \"<scope>\"}, so that the person can be asked for it");
                break;
        }
    }
}
