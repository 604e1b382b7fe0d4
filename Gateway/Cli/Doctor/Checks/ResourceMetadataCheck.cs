using Cortex.Cli.Doctor.Wire;
using Cortex.Identity.Linking;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>The protected-resource metadata (<see href="https://www.rfc-editor.org/rfc/rfc9728#section-3">RFC 9728, section 3</see>) in both places where clients look.</summary>
internal sealed class ResourceMetadataCheck : IDoctorCheck
{
    private const string Mend =
        "Send every path to the gateway, /.well-known too: 'location /' in nginx (an ACME location must cover /.well-known/acme-challenge/ alone), path / with pathType Prefix in the Ingress";

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        run.Resource = Read(await run.Probe.GetAsync(run.MetadataOfPath, null, cancellationToken), out var problem);
        if (run.Resource is { } resource)
            Judge(run, resource);
        else
            run.Findings.Fail(FaultIds.ResourceMetadata, $"{run.MetadataOfPath} {problem}", Mend);

        if (run.MetadataOfRoot == run.MetadataOfPath)
            return;
        if (Read(await run.Probe.GetAsync(run.MetadataOfRoot, null, cancellationToken), out problem) is not null)
            run.Findings.Ok(FaultIds.ResourceRoot, $"{run.MetadataOfRoot} is there, for clients that look there alone");
        else if (run.Resource is not null)
            run.Findings.Warn(FaultIds.ResourceRoot, $"{run.MetadataOfRoot} {problem}; some clients look there alone", Mend);
    }

    private static ProviderDocument? Read(ProbeReply reply, out string problem)
    {
        (var document, problem) = reply switch
        {
            ProbeReply.Failed failed => ((ProviderDocument?)null, $"can't be had: {failed.Problem}"),
            ProbeReply.Answered { Status: 200, Document: { } found } when found.Text("resource") is not null => (found, ""),
            ProbeReply.Answered { Status: 200 } => (null, "is not the metadata of a protected resource"),
            ProbeReply.Answered answer => (null, $"is answered with {answer.Status}"),
            _ => throw new InvalidOperationException("A request ended in no known way."),
        };
        return document;
    }

    private static void Judge(DoctorRun run, ProviderDocument resource)
    {
        var servers = resource.Texts("authorization_servers");
        if (servers.Count == 0)
        {
            run.Findings.Fail(
                FaultIds.ResourceServers, "the metadata names no authorization server", "Set identity.authorizationServer.enabled: true, or name your own in identity.issuers");
        }
        else
        {
            run.Findings.Ok("resource", $"{run.MetadataOfPath} names {string.Join(", ", servers)}");
        }

        if (resource.Texts("scopes_supported").Count == 0)
        {
            run.Findings.Warn(
                FaultIds.ResourceScopes,
                "the metadata names no scopes, so that clients ask for none and see only what is open to all",
                "Add a backend whose tools have scopes, or set identity.defaultScopes");
        }
    }
}
