using Cortex.Identity.Linking;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether the 401 leads clients on: <c>WWW-Authenticate: Bearer … resource_metadata="…"</c>.</summary>
internal sealed class ChallengeCheck : IDoctorCheck
{
    public Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        var header = run.First!.Header("WWW-Authenticate");
        var isBearer = run.First.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        if (header is null)
        {
            run.Findings.Fail(
                FaultIds.ChallengeMissing,
                "the 401 bears no WWW-Authenticate, by which clients find the sign-in",
                "Have the proxy let it through: no 'proxy_hide_header WWW-Authenticate' and no 'error_page 401' in nginx, no such filter at the ingress or CDN");
        }
        else if (!isBearer)
        {
            run.Findings.Fail(
                FaultIds.ChallengeForeign,
                $"the 401 asks for another sign-in than the gateway's ({header.Split(' ')[0]})",
                "Take the proxy's own sign-in away from the gateway: 'auth_basic off' in nginx, no nginx.ingress.kubernetes.io/auth-type or auth-url; the gateway signs people in itself");
            run.Stop();
        }
        else
        {
            Judge(run, ServerChallenge.Read(run.First.Headers.WwwAuthenticate));
        }

        return Task.CompletedTask;
    }

    private static void Judge(DoctorRun run, ServerChallenge challenge)
    {
        if (!Uri.TryCreate(challenge.ResourceMetadata, UriKind.Absolute, out var metadata))
        {
            run.Findings.Fail(
                FaultIds.ChallengeMetadata,
                "WWW-Authenticate names no resource_metadata, so that clients must guess where it is",
                "Have the proxy let the gateway's own header through: no 'add_header WWW-Authenticate' in nginx");
            return;
        }

        run.Challenge = challenge;
        if (metadata == run.MetadataOfPath)
        {
            run.Findings.Ok("challenge", $"WWW-Authenticate leads to {metadata}");
        }
        else if (metadata.GetLeftPart(UriPartial.Authority) == run.Origin)
        {
            run.Findings.Fail(
                FaultIds.PublicUrlPath,
                $"WWW-Authenticate leads to {metadata}, and clients look for the metadata of this address at {run.MetadataOfPath}",
                "Give the path as it is: /mcp, or /mcp/<toolset> with a toolset that is configured. If it is right, serve the gateway at the root of a host of its own: gateway.publicUrl has no path, so that no proxy can put it under one ('location /' in nginx, path / in the Ingress). Give clients <gateway.publicUrl>/mcp");
            run.Stop();
        }
    }
}
