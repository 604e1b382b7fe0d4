using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cortex.Identity.Callers;

/// <summary>The authorization server inside the gateway: its keys and its records are at hand, and its <c>sub</c> is a person's own id.</summary>
internal sealed class EmbeddedIssuer(GatewayAddresses addresses, SigningKeys keys, PersonStore persons, TokenStands stands) : TrustedIssuer
{
    /// <summary>The server's own id of a token.</summary>
    public static string? EntryIdOf(JsonWebToken token) => TokenClaims.Text(token, "oi_tkn_id");

    /// <summary>The grant that a token stems from: all that one authorization request led to.</summary>
    public static string? GrantIdOf(JsonWebToken token) => TokenClaims.Text(token, "oi_au_id");

    public override string Name => addresses.Issuer;

    public override IReadOnlyList<string?> Types { get; } = ["at+jwt", "application/at+jwt"];

    public override ValueTask<KeyLookup> FindKeysAsync(string? keyId, CancellationToken cancellationToken)
    {
        var candidates = keys.All(KeyPurpose.Issuer).Where(key => keyId is null || key.KeyId == keyId).Select(key => key.Public).ToArray();
        return ValueTask.FromResult<KeyLookup>(candidates.Length == 0 ? KeyLookup.Unknown.Instance : new KeyLookup.Found(candidates));
    }

    public override async ValueTask<TokenIdentity> IdentifyAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        if (!await stands(EntryIdOf(token), cancellationToken))
            return new TokenIdentity.Nobody("The token was revoked, or an operator disabled its client.");
        var clientId = TokenClaims.ClientId(token);
        if (TokenClaims.IsMachine(token, clientId))
            return TokenClaims.Machine(clientId);
        if (clientId is null || !PersonId.TryParse(token.Subject, out var id))
            return new TokenIdentity.Nobody("The token names no person or no client.");
        return await persons.FindAsync(id, cancellationToken) is { } person
            ? new TokenIdentity.Human(person, clientId)
            : new TokenIdentity.Nobody("The person the token speaks for is not known here.");
    }

    public override ScopeSet ReadScopes(JsonWebToken token) =>
        ScopeSet.Of(token.Claims.Where(claim => claim.Type == "scope").SelectMany(claim => TokenClaims.ScopesOf(claim.Value, scopeMap: null)));

    public override IReadOnlyList<string> ReadAudiences(JsonWebToken token) => [.. token.Audiences];
}
