using System.Text;
using System.Text.Json;
using Cortex.Foundation.Outbound;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.Callers;

/// <summary>
/// Finds and fetches the key set of an external issuer:
/// 1. <c>jwksUrl</c>, when it is configured; else
/// 2. metadata at <c>&lt;issuer&gt;/.well-known/openid-configuration</c> (<see href="https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig">OIDC</see>),
///    or with the well-known part put before the issuer's path (<see href="https://www.rfc-editor.org/rfc/rfc8414#section-3">RFC 8414</see>), which must name the issuer exactly as configured;
/// 3. its <c>jwks_uri</c>: trusted like the issuer on the issuer's own origin, else an address met at run time.
/// </summary>
internal sealed class IssuerDiscovery(DocumentFetcher fetcher)
{
    private const int MaxDocumentBytes = 256 * 1024;

    /// <summary>Fetches the keys of an issuer.</summary>
    public async Task<IssuerKeySet> FetchAsync(IssuerOptions issuer, CancellationToken cancellationToken)
    {
        var trust = issuer.AllowPlaintext ? OutboundTrust.OperatorPlaintext : OutboundTrust.Operator;
        if (issuer.JwksUrl is { } configured)
            return await FetchKeysAsync(new Uri(configured), trust, cancellationToken);

        var reasons = new List<string>();
        foreach (var metadata in MetadataAddresses(new Uri(issuer.Issuer)))
        {
            switch (await fetcher.FetchAsync(metadata, trust, MaxDocumentBytes, cancellationToken))
            {
                case FetchResult.Received received:
                    if (ReadKeysAddress(received.Body, issuer.Issuer, out var problem) is { } keys)
                        return await FetchKeysAsync(keys, TrustOf(keys, new Uri(issuer.Issuer), trust), cancellationToken);
                    reasons.Add($"{metadata} {problem}");
                    break;
                case FetchResult.Failed failed:
                    reasons.Add(failed.Reason);
                    break;
            }
        }

        return new IssuerKeySet.Missing(string.Join("; ", reasons));
    }

    /// <summary>Where metadata may be, in the order in which MCP clients look.</summary>
    internal static IEnumerable<Uri> MetadataAddresses(Uri issuer)
    {
        var origin = issuer.GetLeftPart(UriPartial.Authority);
        var path = issuer.AbsolutePath.TrimEnd('/');
        yield return new Uri($"{origin}{path}/.well-known/openid-configuration");
        yield return new Uri($"{origin}/.well-known/oauth-authorization-server{path}");
        if (path.Length > 0)
            yield return new Uri($"{origin}/.well-known/openid-configuration{path}");
    }

    private static OutboundTrust TrustOf(Uri keys, Uri issuer, OutboundTrust trust)
    {
        if (keys.GetLeftPart(UriPartial.Authority) == issuer.GetLeftPart(UriPartial.Authority))
            return trust;
        return issuer.IsLoopback ? OutboundTrust.DiscoveredOnLoopback : OutboundTrust.Discovered;
    }

    private static Uri? ReadKeysAddress(byte[] body, string issuer, out string problem)
    {
        problem = "";
        try
        {
            using var document = JsonDocument.Parse(body);
            var named = ReadText(document.RootElement, "issuer");
            if (named != issuer)
                problem = $"names the issuer '{named}'";
            else if (Uri.TryCreate(ReadText(document.RootElement, "jwks_uri"), UriKind.Absolute, out var keys))
                return keys;
            else
                problem = "names no jwks_uri";
        }
        catch (JsonException)
        {
            problem = "is not JSON";
        }

        return null;
    }

    private static string? ReadText(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private async Task<IssuerKeySet> FetchKeysAsync(Uri address, OutboundTrust trust, CancellationToken cancellationToken)
    {
        switch (await fetcher.FetchAsync(address, trust, MaxDocumentBytes, cancellationToken))
        {
            case FetchResult.Received received:
                return Parse(received.Body, address);
            case FetchResult.Failed failed:
                return new IssuerKeySet.Missing(failed.Reason);
            default:
                throw new InvalidOperationException("A fetch ended in no known way.");
        }
    }

    /// <summary>Keeps the keys that can verify a signature of the allow-list: public ones, for signing, RSA of 2048 bits or more or an elliptic curve.</summary>
    private static IssuerKeySet Parse(byte[] body, Uri address)
    {
        try
        {
            var keys = new JsonWebKeySet(Encoding.UTF8.GetString(body)).Keys
                .Where(key => key.Use is null or "" or "sig")
                .Where(key => key.Kty == "EC" || (key.Kty == "RSA" && key.KeySize >= 2048))
                .ToArray();
            return keys.Length == 0 ? new IssuerKeySet.Missing($"{address} holds no usable key") : new IssuerKeySet.Present(keys);
        }
        catch (ArgumentException)
        {
            return new IssuerKeySet.Missing($"{address} is not a JWK set");
        }
    }
}
