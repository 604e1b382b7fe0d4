using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Cortex.Identity.Callers;

/// <summary>
/// Validated tokens by the hash of the token, until they end, are revoked, or the issuers change. A revocation is remembered for as long as
/// the token could still be presented. Thread-safe; a hit allocates nothing.
/// </summary>
internal sealed class TokenCache(TimeProvider time)
{
    private const int Capacity = 20_000;

    private readonly ExpiringCache<TokenHash, Entry> _tokens = new(Capacity, time);
    private readonly ConcurrentDictionary<(string Issuer, string TokenId), DateTimeOffset> _revoked = new();

    /// <summary>The token with this hash, if it was validated under the same issuers.</summary>
    public bool TryGet(TokenHash hash, IssuerSnapshot issuers, [NotNullWhen(true)] out ValidatedToken? token)
    {
        token = _tokens.TryGet(hash, out var entry) && ReferenceEquals(entry.Issuers, issuers) && !IsRevoked(entry.Token) ? entry.Token : null;
        return token is not null;
    }

    /// <summary>Keeps a token until <paramref name="until"/>.</summary>
    public void Set(TokenHash hash, IssuerSnapshot issuers, ValidatedToken token, DateTimeOffset until) =>
        _tokens.Set(hash, new Entry(token, issuers), until);

    /// <summary>True when the token was revoked.</summary>
    public bool IsRevoked(ValidatedToken token) => _revoked.ContainsKey((token.Issuer, token.TokenId));

    /// <summary>Refuses the token with this <c>jti</c> from now on.</summary>
    /// <param name="issuer">The token's issuer.</param>
    /// <param name="tokenId">Its <c>jti</c>.</param>
    /// <param name="until">When the token would have ended; the revocation is forgotten a little later.</param>
    public void Revoke(string issuer, string tokenId, DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        foreach (var (key, end) in _revoked)
        {
            if (end + TokenValidator.ClockSkew < now)
                _revoked.TryRemove(key, out _);
        }

        _revoked[(issuer, tokenId)] = until;
    }

    /// <summary>Forgets every validated token, but no revocation.</summary>
    public void Clear() => _tokens.Clear();

    private sealed record Entry(ValidatedToken Token, IssuerSnapshot Issuers);
}
