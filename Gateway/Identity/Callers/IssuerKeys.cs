using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.Callers;

/// <summary>
/// The key set of one external issuer, kept and renewed:
/// 1. A <c>kid</c> that is known answers at once; keys older than <see cref="RenewAfter"/> are renewed meanwhile.
/// 2. One that is not known waits for a fetch, which all who ask share, at most one every <see cref="MinInterval"/>.
/// 3. While fetching fails, the last good keys count until <see cref="UsableFor"/>; after that, and before the first success, nothing can be decided.
/// Thread-safe.
/// </summary>
internal sealed partial class IssuerKeys(IssuerOptions issuer, IssuerDiscovery discovery, TimeProvider time, ILogger<IssuerKeys> logger)
{
    public static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);
    public static readonly TimeSpan UsableFor = TimeSpan.FromHours(24);
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private volatile Snapshot _current = new([], DateTimeOffset.MinValue, DateTimeOffset.MinValue);
    private Task<Snapshot>? _renewal;

    /// <summary>True when these keys are found in the same place as those of <paramref name="other"/>.</summary>
    public bool ServesAsWell(IssuerOptions other) =>
        issuer.Issuer == other.Issuer && issuer.JwksUrl == other.JwksUrl && issuer.AllowPlaintext == other.AllowPlaintext;

    /// <summary>The candidates for a token with this <c>kid</c>.</summary>
    public async ValueTask<KeyLookup> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        var snapshot = _current;
        var age = time.GetUtcNow() - snapshot.FetchedAt;
        if (snapshot.Matching(keyId) is { Length: > 0 } known && age < UsableFor)
        {
            if (age >= RenewAfter)
                _ = RenewAsync(snapshot);
            return new KeyLookup.Found(known);
        }

        snapshot = await RenewAsync(snapshot).WaitAsync(cancellationToken);
        if (time.GetUtcNow() - snapshot.FetchedAt >= UsableFor)
            return KeyLookup.Unavailable.Instance;
        if (snapshot.Matching(keyId) is { Length: > 0 } found)
            return new KeyLookup.Found(found);
        return snapshot.LastAttemptFailed ? KeyLookup.Unavailable.Instance : KeyLookup.Unknown.Instance;
    }

    /// <summary>
    /// The keys after a renewal: the one under way, or a new one if the last attempt is long enough ago. It is shared by all who ask, so that it
    /// does not end with the request that began it; the fetch has a deadline of its own and ends in a value.
    /// </summary>
    private Task<Snapshot> RenewAsync(Snapshot seen)
    {
        lock (_gate)
        {
            if (_renewal is { IsCompleted: false })
                return _renewal;
            var now = time.GetUtcNow();
            return ReferenceEquals(seen, _current) && now - _current.AttemptedAt >= MinInterval
                ? _renewal = FetchAsync(now)
                : Task.FromResult(_current);
        }
    }

    private async Task<Snapshot> FetchAsync(DateTimeOffset now) => _current = Judge(await discovery.FetchAsync(issuer, CancellationToken.None), now);

    private Snapshot Judge(IssuerKeySet fetched, DateTimeOffset now)
    {
        switch (fetched)
        {
            case IssuerKeySet.Present present:
                Log.Fetched(logger, issuer.Issuer, present.Keys.Count);
                return new Snapshot(present.Keys, now, now);
            case IssuerKeySet.Missing missing:
                Log.FetchFailed(logger, issuer.Issuer, missing.Reason);
                return _current with { AttemptedAt = now };
            default:
                throw new InvalidOperationException("Fetching keys ended in no known way.");
        }
    }

    private sealed record Snapshot(IReadOnlyList<JsonWebKey> Keys, DateTimeOffset FetchedAt, DateTimeOffset AttemptedAt)
    {
        public bool LastAttemptFailed => AttemptedAt > FetchedAt;

        public SecurityKey[] Matching(string? keyId) => [.. Keys.Where(key => keyId is null || key.Kid == keyId)];
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Issuer {Issuer}: {Count} signing keys fetched", EventName = "issuer.keys.fetched")]
        public static partial void Fetched(ILogger logger, string issuer, int count);

        [LoggerMessage(3002, LogLevel.Warning, "Issuer {Issuer}: signing keys could not be fetched: {Reason}. Its tokens are answered with 503 unless earlier keys decide", EventName = "issuer.keys.failed")]
        public static partial void FetchFailed(ILogger logger, string issuer, string reason);
    }
}
