using Cortex.Cli.Doctor.Wire;
using Cortex.Cli.Findings;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether the token that was given is taken, and the legacy era answers. Without one, or where it must not be sent, nothing that needs it is checked.</summary>
internal sealed class TokenCheck : IDoctorCheck
{
    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (run.Options.Token is null)
        {
            run.Findings.Skip(FaultIds.Token, "sessions, streams and large messages need a token", $"Give one by --token, or in {DoctorArguments.TokenVariable}");
            return;
        }

        if (run.Url.Scheme == Uri.UriSchemeHttp && !run.Url.IsLoopback)
        {
            run.Findings.Skip(FaultIds.Token, "the token is not sent in plain text");
            return;
        }

        if (run.Findings.All.Any(finding => finding is { Check: FaultIds.HeadersAuthorization, Verdict: Verdict.Fail }))
        {
            run.Findings.Skip(FaultIds.Token, "tokens don't reach the gateway");
            return;
        }

        if (await run.AskAsync(FaultIds.Token, McpMessage.Initialize, cancellationToken) is not { } answer)
            return;
        if (answer.Status is 401 or 403)
        {
            run.Findings.Fail(
                FaultIds.Token,
                $"the token is refused with {answer.Status}: {answer.Document?.Text("detail") ?? McpAnswer.Read(answer).Message}",
                $"Get one for {run.Resource?.Text("resource") ?? run.Options.Address} that is not over; of an issuer of your own, compare its iss and aud with identity.issuers");
            return;
        }

        run.IsSignedIn = true;
        run.Findings.Ok(FaultIds.Token, "the token is taken");
        run.Session = answer.Header(McpMessage.SessionHeader);
        var reply = McpAnswer.Read(answer);
        run.IsLegacy = answer.Status == 200 && reply.HasResult;
        if (run.IsLegacy)
            run.Findings.Ok(FaultIds.EraLegacy, "initialize is answered, for clients with sessions");
        else
            run.Findings.Fail(FaultIds.EraLegacy, $"initialize is answered with {answer.Status}: {reply.Message}", "Check that the proxy passes bodies on unchanged; else look in the gateway's log");
    }
}
