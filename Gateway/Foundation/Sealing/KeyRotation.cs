using System.Data.Common;
using Cortex.Foundation.Storage;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// Rotates the gateway's own keys by <see cref="KeySchedule"/>: every minute each replica reads the keys, and the one that gets the lock makes what
/// is due, removes what has ended, and seals anew what an earlier key of the vault has sealed. A replica that can't reach the store goes on with the keys it has.
/// </summary>
internal sealed partial class KeyRotation(
    KeyStore store, SigningKeyLoader loader, CurrentKeySchedule schedule, ISharedState state, TimeProvider time, ILogger<KeyRotation> logger)
    : BackgroundService
{
    private const string LockName = "keys.rotation";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>One round.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using (var held = await state.TryLockAsync(LockName, Lease, cancellationToken))
            {
                if (held is not null)
                {
                    foreach (var kind in KeyKind.All)
                        await AdvanceAsync(kind, now: false, cancellationToken);
                    await store.ResealAsync(cancellationToken);
                }
            }

            await loader.LoadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or SharedStateException or SealingException)
        {
            Log.Failed(logger, exception);
        }
    }

    /// <summary>
    /// Makes the next key of a kind now, for an operator who does not want to wait. It takes over after the announcement, as any other; the
    /// other replicas have it within a minute. Throws what the store throws.
    /// </summary>
    public async Task RotateAsync(KeyKind kind, CancellationToken cancellationToken)
    {
        await AdvanceAsync(kind, now: true, cancellationToken);
        await loader.LoadAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RunAsync(stoppingToken);
    }

    private async Task AdvanceAsync(KeyKind kind, bool now, CancellationToken cancellationToken)
    {
        var keys = await store.ListAsync(kind.Purpose, cancellationToken);
        if (keys.Count == 0)
            return;
        if (now || schedule().IsDue(keys, time.GetUtcNow()))
        {
            keys = await loader.AddAsync(kind, (keys[0].Generation ?? 0) + 1, cancellationToken);
            Log.Made(logger, kind.Purpose, keys[0].Id);
        }

        foreach (var ended in schedule().FindEnded(keys, time.GetUtcNow()))
        {
            await store.RemoveAsync(ended, cancellationToken);
            Log.Removed(logger, kind.Purpose, ended.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1210, LogLevel.Information, "Made the {Purpose} key {Id}; it takes over when it has been published long enough", EventName = "keys.made")]
        public static partial void Made(ILogger logger, string purpose, string id);

        [LoggerMessage(1211, LogLevel.Information, "Removed the {Purpose} key {Id}: all that it signed or sealed has ended", EventName = "keys.removed")]
        public static partial void Removed(ILogger logger, string purpose, string id);

        [LoggerMessage(1212, LogLevel.Error, "The keys could not be read or rotated; those at hand are used on, and the next minute tries again", EventName = "keys.failed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
