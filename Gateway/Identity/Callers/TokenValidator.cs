using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers.Issuers;
using Cortex.Identity.Callers.PersonalTokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.Callers;

/// <summary>
/// Decides whether an access token counts:
/// 1. it was validated before, and neither ended nor was revoked; or
/// 2. its shape and algorithm are acceptable (<see cref="TokenShape"/>);
/// 3. its <c>iss</c> is trusted, and its <c>typ</c> is one of that issuer's;
/// 4. one of that issuer's keys signed it;
/// 5. it has begun and has not ended, give or take <see cref="ClockSkew"/>;
/// 6. it was issued for the resource of this request;
/// 7. its issuer says so, where the issuer is to be asked; for a token that is no JWT its answer stands for 2 to 4;
/// 8. the person or client it speaks for may call. Nothing is learned of a person from a token that was meant for others.
/// In place of 2 to 8 a personal access token is looked up (<see cref="PersonalTokenValidation"/>); no issuer is ever asked about one. Thread-safe.
/// </summary>
internal sealed class TokenValidator(
    IssuerDirectory directory, TokenCache cache, PersonalTokenValidation personal, PersonalTokenUses uses, GatewayAddresses addresses, TimeProvider time)
{
    /// <summary>How far the clocks of an issuer and the gateway may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly DateTime LatestEnd = new(9000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly TokenVerdict.Invalid Inactive = new("The token's issuer says that it counts no longer.");

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>Validates a token of at most <see cref="BearerToken.MaxLength"/> characters.</summary>
    public async ValueTask<TokenVerdict> ValidateAsync(string text, ProtectedResource resource, CancellationToken cancellationToken)
    {
        var verdict = await JudgeAsync(text, resource, cancellationToken);
        if (verdict is TokenVerdict.Valid({ PersonalToken: { } id }))
            uses.Note(id);
        return verdict;
    }

    /// <summary>True for a token that counted before and may be taken for good without looking it up.</summary>
    public bool Knows(string text) => cache.TryGet(TokenHash.Of(text), directory.Current, out _);

    private async ValueTask<TokenVerdict> JudgeAsync(string text, ProtectedResource resource, CancellationToken cancellationToken)
    {
        var issuers = directory.Current;
        var clearings = cache.Clearings;
        var hash = TokenHash.Of(text);
        if (cache.TryGet(hash, issuers, out var known))
            return known.IsFor(resource) ? new TokenVerdict.Valid(known) : NotFor(resource);

        var verdict = PersonalTokenText.IsClaimed(text)
            ? await ValidatePersonalAsync(text, hash, resource, issuers, cancellationToken)
            : await ValidateFreshAsync(text, hash, resource, issuers, cancellationToken);
        if (verdict is not TokenVerdict.Valid(var token))
            return verdict;
        if (cache.IsRevoked(token))
            return new TokenVerdict.Invalid("The token was revoked.");
        cache.Set(hash, issuers, token, KeptUntil(token, issuers), clearings);
        return verdict;
    }

    private ValueTask<TokenVerdict> ValidatePersonalAsync(
        string text, TokenHash hash, ProtectedResource resource, IssuerSnapshot issuers, CancellationToken cancellationToken) =>
        issuers.Find(addresses.Issuer) is null
            ? ValueTask.FromResult<TokenVerdict>(new TokenVerdict.Invalid("Personal access tokens do not count here."))
            : personal.ValidateAsync(text, hash, resource, cancellationToken);

    private DateTimeOffset KeptUntil(ValidatedToken token, IssuerSnapshot issuers)
    {
        var (end, kept) = token.PersonalToken is null
            ? (token.ExpiresAt + ClockSkew, issuers.Find(token.Issuer)?.Introspection?.CacheFor)
            : (token.ExpiresAt, PersonalTokenValidation.Kept);
        return kept is { } most && time.GetUtcNow() + most is var again && again < end ? again : end;
    }

    private async ValueTask<TokenVerdict> ValidateFreshAsync(
        string text, TokenHash hash, ProtectedResource resource, IssuerSnapshot issuers, CancellationToken cancellationToken)
    {
        if (!TokenShape.IsJwt(text) && issuers.OfOpaqueTokens is { } knower)
            return await ValidateOpaqueAsync(text, hash, resource, knower, cancellationToken);
        if (TokenShape.TryRead(text, out var problem) is not { } token)
            return new TokenVerdict.Invalid(problem);
        if (token.Issuer == addresses.IdentityIssuer)
            return new TokenVerdict.Invalid("The token was minted for a backend, and does not count here.");
        if (issuers.Find(token.Issuer) is not { } issuer)
            return new TokenVerdict.Invalid("The token's issuer is not trusted here.");
        if (!issuer.Types.Contains(string.IsNullOrEmpty(token.Typ) ? null : token.Typ, StringComparer.OrdinalIgnoreCase))
            return new TokenVerdict.Invalid("The token is not an access token.");

        switch (await issuer.FindKeysAsync(string.IsNullOrEmpty(token.Kid) ? null : token.Kid, cancellationToken))
        {
            case KeyLookup.Unavailable:
                return new TokenVerdict.Undecided(issuer.Name);
            case KeyLookup.Found(var keys) when await IsSignedByAsync(token, issuer, keys):
                break;
            default:
                return new TokenVerdict.Invalid("The token's signature is not one of its issuer's.");
        }

        if (LifetimeProblem(token) is { } ended)
            return new TokenVerdict.Invalid(ended);
        if (!resource.Admits(issuer.ReadAudiences(token)))
            return NotFor(resource);
        return await AskAsync(text, hash, issuer, cancellationToken) switch
        {
            IntrospectionResult.Inactive => Inactive,
            IntrospectionResult.Unavailable => new TokenVerdict.Undecided(issuer.Name),
            _ => await IdentifyAsync(token, hash, issuer, cancellationToken),
        };
    }

    /// <summary>What the issuer says of a token that is no JWT is held to the same rules.</summary>
    private async ValueTask<TokenVerdict> ValidateOpaqueAsync(
        string text, TokenHash hash, ProtectedResource resource, TrustedIssuer issuer, CancellationToken cancellationToken)
    {
        switch (await AskAsync(text, hash, issuer, cancellationToken))
        {
            case IntrospectionResult.Inactive:
                return Inactive;
            case IntrospectionResult.Active(var claims):
                if (claims.Issuer is { Length: > 0 } name && name != issuer.Name)
                    return new TokenVerdict.Invalid("The token is another issuer's.");
                if (LifetimeProblem(claims) is { } ended)
                    return new TokenVerdict.Invalid(ended);
                return resource.Admits(issuer.ReadAudiences(claims)) ? await IdentifyAsync(claims, hash, issuer, cancellationToken) : NotFor(resource);
            default:
                return new TokenVerdict.Undecided(issuer.Name);
        }
    }

    /// <summary>What the issuer says of a token; null when it is not to be asked.</summary>
    private static async ValueTask<IntrospectionResult?> AskAsync(string text, TokenHash hash, TrustedIssuer issuer, CancellationToken cancellationToken) =>
        issuer.Introspection is { } introspection ? await introspection.AskAsync(text, hash, cancellationToken) : null;

    private static TokenVerdict.Invalid NotFor(ProtectedResource resource) => new($"The token was not issued for {resource.Address}.");

    private async Task<bool> IsSignedByAsync(JsonWebToken token, TrustedIssuer issuer, IReadOnlyList<SecurityKey> keys)
    {
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer.Name,
            IssuerSigningKeys = keys,
            ValidAlgorithms = TokenShape.Algorithms,
            RequireSignedTokens = true,

            // Judged by the gateway's own clock, and by the resource of the request.
            ValidateLifetime = false,
            ValidateAudience = false,
        });
        return result.IsValid;
    }

    private string? LifetimeProblem(JsonWebToken token)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (token.ValidTo == DateTime.MinValue)
            return "The token has no end (exp).";
        if (token.ValidTo + ClockSkewBefore(token.ValidTo) <= now)
            return $"The token ended at {token.ValidTo:u}.";
        return token.ValidFrom > now + ClockSkew ? $"The token begins at {token.ValidFrom:u} only." : null;
    }

    private static TimeSpan ClockSkewBefore(DateTime end) => end < LatestEnd ? ClockSkew : TimeSpan.Zero;

    private static async ValueTask<TokenVerdict> IdentifyAsync(
        JsonWebToken token, TokenHash hash, TrustedIssuer issuer, CancellationToken cancellationToken)
    {
        var identity = await issuer.IdentifyAsync(token, cancellationToken);
        if (identity is TokenIdentity.Nobody(var problem))
            return new TokenVerdict.Invalid(problem);

        var (person, clientId) = identity switch
        {
            TokenIdentity.Human human => (human.Person, human.ClientId),
            TokenIdentity.Machine machine => (null, machine.ClientId),
            _ => throw new InvalidOperationException("A token speaks for no known kind of caller."),
        };
        var text = hash.ToString();
        var end = token.ValidTo < LatestEnd ? token.ValidTo : LatestEnd;
        var validated = new ValidatedToken(
            person,
            clientId,
            issuer.Name,
            TokenClaims.Text(token, "jti") ?? text,
            text,
            issuer.ReadScopes(token),
            issuer.ReadAudiences(token),
            new DateTimeOffset(end, TimeSpan.Zero))
        {
            EntryId = issuer is EmbeddedIssuer ? EmbeddedIssuer.EntryIdOf(token) : null,
            GrantId = issuer is EmbeddedIssuer ? EmbeddedIssuer.GrantIdOf(token) : null,
        };
        return new TokenVerdict.Valid(validated);
    }
}
