using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether the endpoints that clients send people and codes to are https and answer. Nothing is asked of them that they would do.</summary>
internal sealed class IssuerEndpointsCheck : IDoctorCheck
{
    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        foreach (var issuer in run.Issuers)
        {
            var problems = new List<string>();
            await TryAsync(run, issuer, "authorization_endpoint", HttpMethod.Get, problems, cancellationToken);
            await TryAsync(run, issuer, "token_endpoint", HttpMethod.Post, problems, cancellationToken);
            if (problems.Count == 0)
            {
                run.Findings.Ok(FaultIds.IssuerEndpoints, $"the endpoints of {issuer.Issuer} answer");
                continue;
            }

            run.Findings.Fail(
                FaultIds.IssuerEndpoints,
                string.Join("; ", problems),
                issuer.IsOwn
                    ? "Send every path to the gateway (/oauth, /signin, /consent, /account): 'location /' in nginx, path / with pathType Prefix in the Ingress; gateway.publicUrl must be the https address"
                    : "Check with the server's own operator that identity.issuers names the right one; clients and browsers must reach it by https");
        }
    }

    private static async Task TryAsync(DoctorRun run, FoundIssuer issuer, string name, HttpMethod method, List<string> problems, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(issuer.Metadata.Text(name), UriKind.Absolute, out var endpoint))
        {
            problems.Add($"{issuer.Issuer} names no {name}");
            return;
        }

        if (endpoint.Scheme != Uri.UriSchemeHttps && !(endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback && run.Url.Scheme == Uri.UriSchemeHttp))
        {
            problems.Add($"the {name} {endpoint} is not https");
            return;
        }

        var reply = await run.Probe.SendAsync(
            () => new HttpRequestMessage(method, endpoint) { Content = method == HttpMethod.Post ? new FormUrlEncodedContent([]) : null }, cancellationToken);
        if (reply is ProbeReply.Failed failed)
            problems.Add($"the {name} can't be had: {failed.Problem}");
        else if (reply is ProbeReply.Answered { Status: 404 or 405 or >= 500 } answer)
            problems.Add($"the {name} {endpoint} is answered with {answer.Status}");
    }
}
