namespace Cortex.Foundation.Model;

/// <summary>Who is behind a request: the person (none for a machine client), the client, and what the token allows.</summary>
/// <param name="Person">The person; null for a machine client (client credentials).</param>
/// <param name="ClientId">The OAuth client that acts.</param>
/// <param name="Issuer">Issuer of the inbound token, exactly as in its <c>iss</c>.</param>
/// <param name="TokenId">The token's <c>jti</c>, or a hash of the token when it has none. Never the token.</param>
/// <param name="TokenHash">SHA-256 of the token, base64url: a cache key, never logged.</param>
/// <param name="TokenScopes">What the token holds.</param>
/// <param name="Scopes">Effective scopes: token ∩ plan.</param>
/// <param name="Plan">Name of the person's plan; null when none is configured, which limits nothing.</param>
/// <param name="ExpiresAt">When the inbound token ends.</param>
internal sealed record Caller(
    Person? Person,
    string ClientId,
    string Issuer,
    string TokenId,
    string TokenHash,
    ScopeSet TokenScopes,
    ScopeSet Scopes,
    string? Plan,
    DateTimeOffset ExpiresAt)
{
    /// <summary>What people are told the plan is called; null when it has no name but its own.</summary>
    public string? PlanDisplayName { get; init; }

    /// <summary>The plan as a sentence names it; null when there is none.</summary>
    public string? PlanLabel => PlanDisplayName ?? Plan;

    /// <summary>
    /// Key of whatever belongs to this caller (sessions, cursors, states): person and client, or the client alone for a machine.
    /// </summary>
    public string Owner => Person is null ? $"client:{Issuer}|{ClientId}" : $"person:{Person.Id}|{Issuer}|{ClientId}";

    /// <summary>The value of <c>sub</c> in tokens minted for backends.</summary>
    public string Subject => Person?.Id.Value ?? ClientId;
}
