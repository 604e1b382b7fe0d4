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
    private readonly ConcurrentDictionary<(string Issuer, string Id), DateTimeOffset> _revoked = new();
    private int _clearings;

    /// <summary>The token with this hash, if it was validated under the same issuers.</summary>
    public bool TryGet(TokenHash hash, IssuerSnapshot issuers, [NotNullWhen(true)] out ValidatedToken? token)
    {
        token = _tokens.TryGet(hash, out var entry) && ReferenceEquals(entry.Issuers, issuers) && !IsRevoked(entry.Token) ? entry.Token : null;
        return token is not null;
    }

    /// <summary>Grows whenever everything is forgotten, so that what was looked up before is not kept after it.</summary>
    public int Clearings => Volatile.Read(ref _clearings);

    /// <summary>Keeps a token until <paramref name="until"/>.</summary>
    /// <param name="hash">Hash of the token.</param>
    /// <param name="issuers">The issuers under which it was validated.</param>
    /// <param name="token">The token.</param>
    /// <param name="until">When it is to be looked up again.</param>
    /// <param name="clearings"><see cref="Clearings"/> before it was looked up; when there was another since, nothing is kept.</param>
    public void Set(TokenHash hash, IssuerSnapshot issuers, ValidatedToken token, DateTimeOffset until, int clearings)
    {
        if (clearings != Clearings)
            return;
        _tokens.Set(hash, new Entry(token, issuers), until);
        if (clearings != Clearings)
            _tokens.Remove(hash);
    }

    /// <summary>True when the token, or the grant it stems from, was revoked.</summary>
    public bool IsRevoked(ValidatedToken token) =>
        IsRevoked(token.Issuer, token.TokenId) || IsRevoked(token.Issuer, token.EntryId) || IsRevoked(token.Issuer, token.GrantId);

    /// <summary>Refuses from now on whatever token bears this id.</summary>
    /// <param name="issuer">The token's issuer.</param>
    /// <param name="id">Its <c>jti</c>, its issuer's own id of it, or the id of the grant it stems from.</param>
    /// <param name="until">When the last such token would have ended; the revocation is forgotten a little later.</param>
    public void Revoke(string issuer, string id, DateTimeOffset until)
    {
        var now = time.GetUtcNow();
        foreach (var (key, end) in _revoked)
        {
            if (end + TokenValidator.ClockSkew < now)
                _revoked.TryRemove(key, out _);
        }

        _revoked[(issuer, id)] = until;
    }

    /// <summary>Forgets every validated token, but no revocation.</summary>
    public void Clear()
    {
        Interlocked.Increment(ref _clearings);
        _tokens.Clear();
    }

    private bool IsRevoked(string issuer, string? id) => id is not null && _revoked.ContainsKey((issuer, id));

    private sealed record Entry(ValidatedToken Token, IssuerSnapshot Issuers);
}
