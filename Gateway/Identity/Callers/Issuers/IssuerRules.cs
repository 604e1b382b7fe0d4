using Cortex.Foundation.Model;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cortex.Identity.Callers.Issuers;

/// <summary>How the tokens of one issuer are read: its preset, and what its entry says otherwise. Immutable.</summary>
internal sealed class IssuerRules
{
    private readonly IssuerOptions _options;
    private readonly IReadOnlyList<string> _scopeClaims;
    private readonly IReadOnlyList<string> _roleClaims;

    public IssuerRules(IssuerOptions options)
    {
        _options = options;
        SubjectClaim = options.SubjectClaim ?? options.Preset switch
        {
            IssuerPreset.EntraId => "oid",
            IssuerPreset.Okta => "uid",
            _ => "sub",
        };
        _scopeClaims = options.ScopeClaims ?? options.Preset switch
        {
            IssuerPreset.EntraId or IssuerPreset.Okta => ["scp"],
            IssuerPreset.Auth0 => ["scope", "permissions"],
            IssuerPreset.Keycloak => ["scope"],
            _ => ["scope", "scp"],
        };
        _roleClaims = options.RoleClaims ?? options.Preset switch
        {
            IssuerPreset.EntraId => ["roles", "groups"],
            IssuerPreset.Keycloak => ["realm_access.roles", "groups"],
            IssuerPreset.Okta => ["groups"],
            _ => [],
        };
    }

    /// <summary>The claim that names a person for good.</summary>
    public string SubjectClaim { get; }

    /// <summary>The person's own name at the issuer; null when the token has none.</summary>
    public string? Subject(JsonWebToken token) => ClaimPath.Text(token, SubjectClaim, maxLength: 255);

    /// <summary>True for a token that a client got on its own behalf.</summary>
    public bool IsMachine(JsonWebToken token, string? clientId) => TokenClaims.IsMachine(token, clientId) || _options.Preset switch
    {
        // A service principal is its own object; a person's sub never equals their oid.
        IssuerPreset.EntraId => TokenClaims.Text(token, "oid") is { } id && id == TokenClaims.Text(token, "sub") && TokenClaims.Text(token, "scp") is null,
        IssuerPreset.Keycloak => TokenClaims.Text(token, "preferred_username")?.StartsWith("service-account-", StringComparison.Ordinal) is true,
        _ => false,
    };

    /// <summary>What the token says of the person.</summary>
    public PersonClaims Person(JsonWebToken token)
    {
        var email = ClaimPath.Text(token, _options.Claims.Email, maxLength: 320);
        return new PersonClaims(
            email,
            email is not null && (_options.TrustEmail || IsEmailVerified(token)),
            ClaimPath.Text(token, _options.Claims.Name),
            ClaimPath.Text(token, _options.Claims.Role),
            ClaimPath.Text(token, _options.Claims.Pool));
    }

    /// <summary>Scopes by name and by the map; roles and groups by the map alone, since their names are not the gateway's.</summary>
    public ScopeSet Scopes(JsonWebToken token) => ScopeSet.Of(
        _scopeClaims.SelectMany(claim => ClaimPath.Values(token, claim)).SelectMany(value => TokenClaims.ScopesOf(value, _options.ScopeMap))
            .Concat(_roleClaims.SelectMany(claim => ClaimPath.Values(token, claim)).SelectMany(role => _options.ScopeMap.GetValueOrDefault(role) ?? [])));

    private bool IsEmailVerified(JsonWebToken token) =>
        TokenClaims.IsTrue(token, "email_verified") || (_options.Preset == IssuerPreset.EntraId && IsDomainOwnerVerified(token));

    /// <summary>Entra ID does not say <c>email_verified</c>, but that the owner of the address's domain is known; in older tokens as 1.</summary>
    private static bool IsDomainOwnerVerified(JsonWebToken token) => TokenClaims.IsTrue(token, "xms_edov") || TokenClaims.Text(token, "xms_edov") == "1";
}
