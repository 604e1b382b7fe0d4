using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Tokens;
using Cortex.Cli.BackendTest.Wire;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Whether <c>whoami</c> tells two persons apart, who call one after the other.</summary>
internal sealed class PersonCheck : IBackendCheck
{
    private const string Check = "whoami";

    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        if (await run.AskAsync(Check, run.Person, ContractMethods.WhoAmI, "", cancellationToken) is not { } alice)
            return;
        if (UnknownMethod.Means(alice.Outcome))
        {
            run.Findings.Ok(Check, $"the backend has none ({alice.Status})");
            return;
        }

        if (alice.Outcome is ContractOutcome.ScopeMissing missing)
        {
            run.Findings.Skip(Check, $"it needs the scope {missing.Required}, which no listed tool names", $"Name it: --scopes {missing.Required}");
            return;
        }

        if (alice.Value is not { } value)
        {
            run.Findings.Fail(Check, ListedThings.Refused(alice), "Answer 200 and the person as you see them, or 400 if you don't have whoami");
            return;
        }

        if (!run.IsShort(Check, alice) || !run.Fits(Check, "whoami.reply", value))
            return;
        if (!run.Callers.Mints)
        {
            run.Findings.Ok(Check, "it is answered");
            run.Findings.Skip("whoami.persons", "there is a token for one person alone", "Let the backend trust a test's own issuer, by --issuer");
            return;
        }

        run.Findings.Ok(Check, "it is answered");
        if (await run.AskAsync("whoami.persons", run.Callers.Person(run.Scopes, TestCallers.Bob), ContractMethods.WhoAmI, "", cancellationToken) is { } bob)
            Compare(run, alice, bob);
    }

    private static void Compare(BackendTestRun run, ProbeReply.Answered alice, ProbeReply.Answered bob)
    {
        const string check = "whoami.persons";
        if (bob.Value is null)
            run.Findings.Fail(check, $"a second person: {ListedThings.Refused(bob)}", "Answer whoami for every person");
        else if (bob.Text.Contains(TestCallers.Alice, StringComparison.Ordinal))
            run.Findings.Fail(check, $"asked by '{TestCallers.Bob}', it tells of '{TestCallers.Alice}', who asked before", "Keep nothing of a caller beyond the call: decide by the token of each request");
        else if (bob.Text == alice.Text)
            run.Findings.Warn(check, "two persons get the same answer", "Tell the person's id, role or groups by the token's sub, so that agents know whom they act for");
        else
            run.Findings.Ok(check, "two persons are told apart");
    }
}
