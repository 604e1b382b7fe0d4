using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers.Issuers;

/// <summary>Checks the entries of <c>identity.issuers</c>.</summary>
internal static class IssuersValidator
{
    private static readonly TimeSpan MaxCacheFor = TimeSpan.FromMinutes(10);

    public static void Validate(IReadOnlyList<IssuerOptions> issuers, SectionValidation validation)
    {
        for (var i = 0; i < issuers.Count; i++)
            CheckIssuer(issuers[i], $"identity.issuers[{i}]", validation);
        CheckRepeats(issuers, validation);
    }

    private static void CheckIssuer(IssuerOptions issuer, string path, SectionValidation validation)
    {
        CheckAddress(issuer.Issuer, $"{path}.issuer", issuer.AllowPlaintext, validation);
        if (issuer.JwksUrl is not null)
            CheckAddress(issuer.JwksUrl, $"{path}.jwksUrl", issuer.AllowPlaintext, validation);
        if (issuer.Audience is { Length: 0 })
            validation.Error($"{path}.audience", "the audience is empty", "write the audience of its tokens, or leave the key out for <publicUrl>/mcp");
        if (issuer.SubjectClaim is { Length: 0 })
            validation.Error($"{path}.subjectClaim", "the claim's name is empty", "write a claim that never changes for a person, for example sub or oid");
        if (issuer.ScopeClaims is { } claims && (claims.Count == 0 || claims.Contains("")))
            validation.Error($"{path}.scopeClaims", "no claim is named", "write [scope, scp], or leave the key out");
        if (issuer is { RoleClaims: { Count: > 0 }, ScopeMap.Count: 0 })
            validation.Error($"{path}.roleClaims", "roles and groups count through scopeMap alone, and there is none", "add scopeMap: {\"a role\": [\"a:scope\"]}");
        if (issuer.Preset == IssuerPreset.EntraId && IsForEveryTenant(issuer.Issuer))
            validation.Error($"{path}.issuer", "this address stands for every tenant, and is no token's issuer", "write https://login.microsoftonline.com/<tenant id>/v2.0, one entry a tenant");
        if (issuer.Introspection is { } introspection)
            CheckIntrospection(introspection, issuer.AllowPlaintext, $"{path}.introspection", validation);
    }

    private static bool IsForEveryTenant(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out var address) && address.AbsolutePath.Split('/') is [_, "common" or "organizations" or "consumers", ..];

    private static void CheckIntrospection(IntrospectionOptions introspection, bool allowPlaintext, string path, SectionValidation validation)
    {
        CheckAddress(introspection.Url, $"{path}.url", allowPlaintext, validation);
        if (introspection.ClientId.Length == 0)
            validation.Error($"{path}.clientId", "the gateway has no name to ask under", "write the id of a client that the issuer lets introspect");
        if (introspection.ClientSecret is null)
            validation.Error($"{path}.clientSecret", "the gateway can't prove who asks", "write a reference: ${env:NAME} or ${file:/path}");
        if (introspection.CacheFor < TimeSpan.FromSeconds(1) || introspection.CacheFor > MaxCacheFor)
            validation.Error($"{path}.cacheFor", "an answer can't count for so long", "write a duration from 1s to 10m");
    }

    internal static void CheckAddress(string text, string path, bool allowPlaintext, SectionValidation validation)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            validation.Error(path, $"'{text}' is not an address", "write https://host/path");
        else if (address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            validation.Error(path, "the address carries a fragment or a user name", "write https://host/path");
        else if (address.Scheme == "http" && !address.IsLoopback && !allowPlaintext)
            validation.Error(path, $"'{text}' is plaintext to a remote host", "use https, or set allowPlaintext: true beside it");
    }

    private static void CheckRepeats(IReadOnlyList<IssuerOptions> issuers, SectionValidation validation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < issuers.Count; i++)
        {
            if (!seen.Add(issuers[i].Issuer))
                validation.Error($"identity.issuers[{i}].issuer", $"'{issuers[i].Issuer}' is listed twice", "remove one of the two entries");
        }

        if (issuers.Count(issuer => issuer.Introspection is { OpaqueTokens: true }) > 1)
            validation.Error("identity.issuers", "more than one issuer claims the tokens that are no JWTs", "keep introspection.opaqueTokens: true at one of them");
    }
}
