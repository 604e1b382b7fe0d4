using Cortex.Cli.Doctor.Wire;
using Cortex.Identity.Linking;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether tokens reach the gateway: it tells a token that is none from none at all.</summary>
internal sealed class AuthorizationHeaderCheck : IDoctorCheck
{
    private const string NoToken = "cortex-doctor-is-no-token";

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (run.Challenge is null)
        {
            run.Findings.Skip(FaultIds.HeadersAuthorization, "only WWW-Authenticate tells whether tokens reach the gateway");
            return;
        }

        switch (await run.PostAsync(McpMessage.Initialize, NoToken, cancellationToken))
        {
            case ProbeReply.Answered { Status: 401 } answer when ServerChallenge.Read(answer.Headers.WwwAuthenticate).Error is null:
                run.Findings.Fail(
                    FaultIds.HeadersAuthorization,
                    "a request with a token is answered as if it had none: the Authorization header does not reach the gateway",
                    "Pass it on: no 'proxy_set_header Authorization' in nginx other than $http_authorization, no sign-in of the proxy's own that uses it up, no CDN rule that drops it");
                break;
            case ProbeReply.Answered { Status: 401 }:
                run.Findings.Ok(FaultIds.HeadersAuthorization, "tokens reach the gateway");
                break;
            case ProbeReply.Answered answer:
                run.Findings.Skip(FaultIds.HeadersAuthorization, $"a token that is none is answered with {answer.Status}");
                break;
            case ProbeReply.Failed failed:
                run.Findings.Skip(FaultIds.HeadersAuthorization, failed.Problem);
                break;
        }
    }
}
