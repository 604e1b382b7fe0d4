using System.Text.Json;
using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether the keys that sign tokens can be had.</summary>
internal sealed class IssuerKeysCheck : IDoctorCheck
{
    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        foreach (var issuer in run.Issuers)
        {
            if (await FindProblemAsync(run, issuer, cancellationToken) is { } problem)
            {
                run.Findings.Fail(
                    FaultIds.IssuerKeys,
                    problem,
                    issuer.IsOwn
                        ? "Send every path to the gateway, /.well-known/jwks.json too: 'location /' in nginx, path / with pathType Prefix in the Ingress"
                        : "Name the key set in identity.issuers[].jwksUrl, where the gateway itself reaches it");
            }
            else
            {
                run.Findings.Ok(FaultIds.IssuerKeys, $"the keys of {issuer.Issuer} can be had");
            }
        }
    }

    private static async Task<string?> FindProblemAsync(DoctorRun run, FoundIssuer issuer, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(issuer.Metadata.Text("jwks_uri"), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return $"{issuer.Issuer} names no jwks_uri";
        return await run.Probe.GetAsync(address, null, cancellationToken) switch
        {
            ProbeReply.Failed failed => $"the keys can't be had: {failed.Problem}",
            ProbeReply.Answered { Status: 200 } answer when HasKeys(answer.Body) => null,
            ProbeReply.Answered { Status: 200 } => $"{address} holds no keys",
            ProbeReply.Answered answer => $"{address} is answered with {answer.Status}",
            _ => throw new InvalidOperationException("A request ended in no known way."),
        };
    }

    private static bool HasKeys(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array && keys.GetArrayLength() > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
