using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers.PersonalTokens;

/// <summary>
/// Decides whether a personal access token counts: it is whole, on record, not ended, and its person is known. It is for the whole MCP endpoint, and so
/// for every toolset. Thread-safe.
/// </summary>
internal sealed class PersonalTokenValidation(PersonalTokenStore store, PersonStore persons, GatewayAddresses addresses, TimeProvider time)
{
    /// <summary>For so long a replica takes a token for good without looking it up again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    public async ValueTask<TokenVerdict> ValidateAsync(string text, TokenHash hash, ProtectedResource resource, CancellationToken cancellationToken)
    {
        if (!PersonalTokenText.IsWhole(text))
            return new TokenVerdict.Invalid("The personal access token was not copied whole.");
        if (await store.FindAsync(hash, cancellationToken) is not { } token)
            return new TokenVerdict.Invalid("The personal access token is not known here, or was revoked.");
        if (token.ExpiresAt <= time.GetUtcNow())
            return new TokenVerdict.Invalid($"The personal access token ended at {token.ExpiresAt:u}.");
        if (await persons.FindAsync(token.PersonId, cancellationToken) is not { } person)
            return new TokenVerdict.Invalid("The person of the personal access token is not known here.");

        var validated = new ValidatedToken(
            person, token.Id.Value, addresses.Issuer, token.Id.Value, hash.ToString(), token.Scopes, [addresses.McpResource], token.ExpiresAt)
        {
            PersonalToken = token.Id,
        };
        return validated.IsFor(resource)
            ? new TokenVerdict.Valid(validated)
            : new TokenVerdict.Invalid($"The personal access token does not count for {resource.Address}.");
    }
}
