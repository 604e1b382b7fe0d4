using System.Security.Claims;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers.PersonalTokens;

namespace Cortex.Identity.Callers;

/// <summary>
/// An access token whose signature, issuer, type and lifetime were checked, and the person or client it speaks for. Whether it counts for a
/// given resource is <see cref="IsFor"/>. One instance serves every request with this token; it is set on <see cref="HttpContext.Features"/>.
/// </summary>
internal sealed class ValidatedToken(
    Person? person, string clientId, string issuer, string tokenId, string tokenHash, ScopeSet scopes, IReadOnlyList<string> audiences, DateTimeOffset expiresAt)
{
    /// <summary>The person; null for a machine client.</summary>
    public Person? Person => person;

    /// <summary>The client that acts.</summary>
    public string ClientId => clientId;

    /// <summary>The issuer, exactly as in <c>iss</c>.</summary>
    public string Issuer => issuer;

    /// <summary>The <c>jti</c>, or the hash of a token that has none.</summary>
    public string TokenId => tokenId;

    /// <summary>The embedded server's own id of the token; null for a token of another issuer.</summary>
    public string? EntryId { get; init; }

    /// <summary>The embedded server's id of the grant that the token stems from; null for a machine's token, or one of another issuer.</summary>
    public string? GrantId { get; init; }

    /// <summary>Names the personal access token that this is; null for any other.</summary>
    public PersonalTokenId? PersonalToken { get; init; }

    /// <summary>SHA-256 of the token, base64url.</summary>
    public string TokenHash => tokenHash;

    /// <summary>Every scope the token names, after the issuer's mapping; reserved ones included.</summary>
    public ScopeSet Scopes => scopes;

    /// <summary>When the token ends.</summary>
    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>The principal of ASP.NET: authenticated, with <c>sub</c> and <c>client_id</c>.</summary>
    public ClaimsPrincipal Principal { get; } = new(new ClaimsIdentity(
        [new Claim("sub", person?.Id.Value ?? clientId), new Claim("client_id", clientId)], CallerAuthentication.Scheme, "sub", roleType: null));

    /// <summary>True when the token was issued for this resource.</summary>
    public bool IsFor(ProtectedResource resource) => resource.Admits(audiences);
}
