using Cortex.Cli.Doctor.Wire;
using Cortex.Identity.Linking;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>
/// The metadata of each authorization server (<see href="https://www.rfc-editor.org/rfc/rfc8414#section-3">RFC 8414, section 3</see>, or OpenID Connect Discovery), which must
/// name it by the very text that the gateway does.
/// </summary>
internal sealed class IssuerMetadataCheck : IDoctorCheck
{
    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (run.Resource?.Texts("authorization_servers") is not { Count: > 0 } servers)
        {
            run.Findings.Skip("issuer", "no metadata names an authorization server");
            return;
        }

        foreach (var server in servers)
        {
            if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                run.Findings.Fail(FaultIds.IssuerMetadata, $"'{server}' is no address of an authorization server", "Write the issuer in identity.issuers as the server itself does");
            else if (address.GetLeftPart(UriPartial.Authority) == run.OtherOrigin)
                run.Findings.Skip("issuer", $"{server} is at the address that the gateway wrongly takes for its own");
            else
                await ExamineAsync(run, server, address, cancellationToken);
        }
    }

    private static async Task ExamineAsync(DoctorRun run, string server, Uri address, CancellationToken cancellationToken)
    {
        var isOwn = server == run.Origin + "/" || server == run.Origin;
        var problems = new List<string>();
        var asked = 0;
        ProviderDocument? metadata = null;
        foreach (var place in ProviderDiscovery.IssuerMetadata(address))
        {
            asked++;
            switch (await run.Probe.GetAsync(place, null, cancellationToken))
            {
                case ProbeReply.Answered { Status: 200, Document: { } document } when document.Text("issuer") is not null:
                    metadata ??= document;
                    break;
                case ProbeReply.Answered { Status: 400 } answer when answer.Text.Contains("HTTPS", StringComparison.Ordinal):
                    run.Findings.Fail(
                        FaultIds.IssuerHttps,
                        $"{place} says that it takes https alone: the gateway does not learn that clients came by https",
                        "List the proxy's address in gateway.trustedProxies and have it send X-Forwarded-Proto ('proxy_set_header X-Forwarded-Proto $scheme' in nginx; the Ingress does), then restart");
                    return;
                case ProbeReply.Answered answer:
                    problems.Add($"{place} is answered with {answer.Status}{(answer.Status == 200 ? ", and is no metadata" : "")}");
                    break;
                case ProbeReply.Failed failed:
                    problems.Add($"{place} can't be had: {failed.Problem}");
                    break;
            }
        }

        if (metadata is not { } found || (isOwn && problems.Count > 0))
            run.Findings.Fail(FaultIds.IssuerMetadata, string.Join("; ", problems), Mend(isOwn));
        else if (found.Text("issuer") == server)
            run.Findings.Ok("issuer", $"{server} is described, in {asked - problems.Count} of {asked} places");
        else
            Misname(run, server, found.Text("issuer")!, isOwn);
        if (metadata is { } known)
            run.Issuers.Add(new FoundIssuer(server, known, isOwn));
    }

    private static void Misname(DoctorRun run, string server, string named, bool isOwn) => run.Findings.Fail(
        FaultIds.IssuerName,
        $"the metadata of {server} names the issuer '{named}'; clients compare the two letter by letter and refuse",
        isOwn
            ? "Have the proxy leave answers as they are (no 'sub_filter' in nginx); the gateway writes both from gateway.publicUrl"
            : $"Write identity.issuers[].issuer exactly as the server names itself: {named}");

    private static string Mend(bool isOwn) => isOwn
        ? "Send every path to the gateway, /.well-known too: 'location /' in nginx, path / with pathType Prefix in the Ingress; older clients know the first of these addresses alone"
        : "Check identity.issuers[].issuer, and that clients can reach it: they ask the server themselves";
}
