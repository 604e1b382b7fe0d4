using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Tokens;
using Cortex.Cli.BackendTest.Wire;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Whether the backend tells good tokens from bad ones. Each is tried with <c>list_tools</c>, which changes nothing.</summary>
internal sealed class TokenCheck : IBackendCheck
{
    private static readonly (string Check, TokenFault Fault, string What, string Mend)[] Forgeries =
    [
        ("auth.expired", TokenFault.Expired, "a token that expired an hour ago", "Check exp, with 30 seconds of leeway"),
        ("auth.audience", TokenFault.OtherAudience, "a token made out to another backend", "Compare aud with your own audience: otherwise any backend can use what it receives at yours"),
        ("auth.issuer", TokenFault.OtherIssuer, "a token of another issuer", "Compare iss with <gateway.publicUrl>/identity"),
        ("auth.signature", TokenFault.OtherKey, "a token signed by a stranger", "Check the signature against the key set of the issuer"),
        ("auth.unsigned", TokenFault.Unsigned, "a token with alg none", "Take ES256 and nothing else"),
        ("auth.type", TokenFault.OtherType, "a token whose typ is not at+jwt", "Take typ at+jwt and nothing else"),
    ];

    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        if (run.Options.IsPublic)
        {
            run.Findings.Skip("auth", "the backend is said to be public, so that no token was tried");
            return;
        }

        await ExpectRefusalAsync(run, "auth.none", ProbeCaller.Nobody, "a call without a token", "Check the token before anything else", cancellationToken);
        await ExpectRefusalAsync(
            run, "auth.headers", TestCallers.Impostor(run.Scopes), "a call with X-Cortex headers and no token", "Decide by the token: anyone can write headers", cancellationToken);
        if (!run.Callers.HasCredential)
            return;
        await ExpectRefusalAsync(run, "auth.garbage", ProbeCaller.With("a.b.c"), "a token that is none", "Refuse what can't be read as a JWT", cancellationToken);
        foreach (var (check, fault, what, mend) in Forgeries)
        {
            if (run.Callers.Mints)
                await ExpectRefusalAsync(run, check, run.Callers.Forger(fault, run.Scopes), what, mend, cancellationToken);
            else if (fault is TokenFault.Unsigned && run.Callers.Given is { } given && given.Split('.').Length == 3)
                await ExpectRefusalAsync(run, check, ProbeCaller.With(EphemeralIssuer.Unsign(given)), what, mend, cancellationToken);
            else
                run.Findings.Skip(check, $"{what} can't be made from what was given", "Let the backend trust a test's own issuer, by --issuer");
        }
    }

    private static async Task ExpectRefusalAsync(BackendTestRun run, string check, ProbeCaller caller, string what, string mend, CancellationToken cancellationToken)
    {
        if (await run.AskAsync(check, caller, ContractMethods.ListTools, "", cancellationToken) is not { } answer)
            return;
        if (answer.Status == 401)
            run.Findings.Ok(check, $"{what} is refused");
        else
            run.Findings.Fail(check, $"{what} is answered with {answer.Status}", $"{mend}; answer 401");
    }
}
