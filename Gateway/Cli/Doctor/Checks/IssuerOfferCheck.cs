namespace Cortex.Cli.Doctor.Checks;

/// <summary>What an authorization server must offer clients: PKCE with S256, without which they stop, and a way to become known to it.</summary>
internal sealed class IssuerOfferCheck : IDoctorCheck
{
    public Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        foreach (var issuer in run.Issuers)
        {
            var metadata = issuer.Metadata;
            if (metadata.Texts("code_challenge_methods_supported").Contains("S256"))
            {
                run.Findings.Ok(FaultIds.IssuerS256, $"{issuer.Issuer} offers S256");
            }
            else
            {
                run.Findings.Fail(
                    FaultIds.IssuerS256,
                    $"the metadata of {issuer.Issuer} does not offer S256 in code_challenge_methods_supported; clients refuse to sign in",
                    issuer.IsOwn
                        ? "Have the proxy leave the metadata as it is; the gateway always offers S256"
                        : "Turn PKCE on at that server; if its metadata can't say so, sign people in there through the gateway's own server: identity.authorizationServer.signIn: [oidc]");
            }

            List<string> ways = [.. metadata.Text("registration_endpoint") is null ? Array.Empty<string>() : ["registration"], .. metadata.Flag("client_id_metadata_document_supported") ? ["client metadata documents"] : Array.Empty<string>()];
            if (ways.Count > 0)
            {
                run.Findings.Ok(FaultIds.IssuerRegistration, $"{issuer.Issuer} takes new clients by {string.Join(" and ", ways)}");
            }
            else
            {
                run.Findings.Warn(
                    FaultIds.IssuerRegistration,
                    $"{issuer.Issuer} offers neither registration nor client metadata documents; only clients that are known to it can sign in",
                    "Register each client there by hand and give people its id, or sign them in through the gateway's own server: identity.authorizationServer.signIn: [oidc]");
            }
        }

        return Task.CompletedTask;
    }
}
