using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Storage;

namespace Cortex.Governance.Limits;

/// <summary>
/// The buckets that all replicas draw from: in the shared state, 8 bytes each, the ticks at which the bucket is full (big-endian). Clocks that
/// differ shift a bucket by the difference, no more. Thread-safe.
/// </summary>
internal sealed partial class SharedBuckets(ISharedState state, TimeProvider time, ILogger<SharedBuckets> logger)
{
    private const int Attempts = 8;
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private long _warnedAt;

    /// <summary>Draws tokens; null when the shared state is away, or when others were faster each time.</summary>
    public async ValueTask<BucketDraw?> DrawAsync(LimitRule rule, string subject, int most, CancellationToken cancellationToken)
    {
        var key = KeyOf(rule, subject);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var stored = await state.FindAsync(key, cancellationToken);
                var now = time.GetUtcNow().Ticks;
                var draw = TokenBucket.Draw(rule, stored is null ? null : BinaryPrimitives.ReadInt64BigEndian(stored), now, most);
                if (draw is not BucketDraw.Drawn drawn || await TryWriteAsync(key, stored, drawn.FullAt, now, cancellationToken))
                    return draw;
            }
        }
        catch (SharedStateException exception)
        {
            Warn(exception);
        }

        return null;
    }

    private ValueTask<bool> TryWriteAsync(string key, byte[]? stored, long fullAt, long now, CancellationToken cancellationToken)
    {
        var value = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(value, fullAt);
        var lifetime = TimeSpan.FromTicks(fullAt - now) + TimeSpan.FromSeconds(1);
        return stored is null
            ? state.TryAddAsync(key, value, lifetime, cancellationToken)
            : state.TryReplaceAsync(key, stored, value, lifetime, cancellationToken);
    }

    // A limit that was changed begins with a full bucket.
    private static string KeyOf(LimitRule rule, string subject) => string.Create(
        CultureInfo.InvariantCulture,
        $"limit:{rule.Name}:{rule.Count.Count}/{rule.Burst}:{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(subject)).AsSpan(0, 16))}");

    private void Warn(SharedStateException exception)
    {
        var now = time.GetUtcNow().Ticks;
        var before = Interlocked.Read(ref _warnedAt);
        if (now - before >= WarningInterval.Ticks && Interlocked.CompareExchange(ref _warnedAt, now, before) == before)
            Log.Alone(logger, exception);
    }

    private static partial class Log
    {
        [LoggerMessage(2200, LogLevel.Warning, "Limits can't be shared between replicas at the moment; each replica counts for itself", EventName = "limits.alone")]
        public static partial void Alone(ILogger logger, Exception exception);
    }
}
