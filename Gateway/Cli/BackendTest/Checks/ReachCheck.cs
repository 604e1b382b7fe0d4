using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Wire;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Whether there is a backend at all that answers <c>list_tools</c>; without one there is nothing else to check.</summary>
internal sealed class ReachCheck : IBackendCheck
{
    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        var reply = await run.Probe.CallAsync(run.Callers.Gateway, ContractMethods.ListTools, "", cancellationToken);
        switch (reply)
        {
            case ProbeReply.Failed failed:
                run.Findings.Fail("reach", failed.Problem, failed.Mend);
                break;
            case ProbeReply.Answered { IsUnicode: false }:
                run.Take("reach", ContractMethods.ListTools, reply);
                break;
            case ProbeReply.Answered { Outcome: ContractOutcome.Returned } answer:
                run.Findings.Ok("reach", $"{run.Options.Endpoint} answers list_tools in {answer.Elapsed.TotalMilliseconds:0} ms");
                run.FirstList = answer;
                return;
            case ProbeReply.Answered answer:
                var (check, problem, mend) = Explain(run, answer);
                run.Findings.Fail(check, problem, mend);
                break;
        }

        run.Stop();
    }

    private static (string Check, string Problem, string Mend) Explain(BackendTestRun run, ProbeReply.Answered answer) => answer.Status switch
    {
        >= 300 and < 400 => (
            "http.redirect", $"the endpoint answers {answer.Status} and leads to '{answer.Location}', and the gateway follows no redirect", "Configure the address it leads to, or answer there at once"),
        401 => ("auth.accepts", $"list_tools is answered with 401{Sentence(answer)}", MendOfRefusal(run)),
        403 => ("auth.catalog", $"list_tools is answered with 403{Sentence(answer)}", "Let a token with the scope cortex:catalog call list_tools, list_prompts, list_resource_templates and get_snapshot"),
        404 or 405 => ("http.path", $"nothing takes a POST at {run.Options.Endpoint} ({answer.Status})", "Answer POST there, or name the endpoint's path by --path"),
        >= 400 => ("list_tools", $"list_tools is answered with {answer.Status}{Sentence(answer)}", "Answer it with 200 and {\"tools\": [ … ]}"),
        _ => ("http.json", $"list_tools is answered with {answer.Status} and {answer.MediaType ?? "no media type"}, which is not JSON", "Answer every call with 200 and JSON alone, or with an error status"),
    };

    private static string MendOfRefusal(BackendTestRun run)
    {
        if (run.Callers.Mints)
            return $"Start the backend so that it trusts the issuer {run.Options.Issuer!.OriginalString.TrimEnd('/')} and the audience {run.Options.Audience}; while it keeps another key set, restart it";
        return run.Callers.HasCredential
            ? "Check that the token or header is the backend's, and not yet over"
            : "Present something: --issuer for a backend in development, --bearer or --header otherwise";
    }

    private static string Sentence(ProbeReply.Answered answer) => answer.Outcome switch
    {
        ContractOutcome.NotAuthenticated { Error: { } error } => $" ({error})",
        ContractOutcome.Denied { Error: { } error } => $" ({error})",
        ContractOutcome.Failed { Error: { } error } => $" ({error})",
        ContractOutcome.ScopeMissing missing => $" (it requires {missing.Required})",
        _ => "",
    };
}
