using System.Data.Common;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;

namespace Cortex.Identity.Vault;

/// <summary>
/// Seals anew under the active key what another key of the ring has sealed: every minute, at the one replica that gets the lock. Calls go on
/// meanwhile. A grant that does not open is left as it is.
/// </summary>
internal sealed partial class GrantResealing(
    GrantStore store, KnownGrants known, GrantSealing sealing, KeyRing ring, ISharedState state, TimeProvider time, ILogger<GrantResealing> logger)
    : BackgroundService, ISealedRecords
{
    private const string LockName = "vault/resealing";
    private const int Batch = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public string What => "linked accounts";

    public Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellationToken) => store.CountByKeyAsync(cancellationToken);

    public Task ResealAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    /// <summary>One round.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var held = await state.TryLockAsync(LockName, Lease, cancellationToken);
            if (held is null)
                return;
            var (resealed, unreadable) = (0, 0);
            GrantRow? last = null;
            while (await store.ListSealedUnderOtherAsync(ring.Active.Id, last, Batch, cancellationToken) is { Count: > 0 } rows)
            {
                foreach (var row in rows)
                {
                    if (await ResealAsync(row, cancellationToken))
                        resealed++;
                    else
                        unreadable++;
                }

                last = rows[^1];
                if (!await held.TryExtendAsync(Lease, cancellationToken))
                    return;
            }

            if (resealed > 0)
                Log.Resealed(logger, resealed, ring.Active.Id);
            if (unreadable > 0)
                Log.Unreadable(logger, unreadable);
        }
        catch (Exception exception) when (exception is DbException or SharedStateException)
        {
            Log.Failed(logger, exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await RunAsync(stoppingToken);
    }

    /// <summary>False when the grant does not open. One that has changed meanwhile was sealed by whoever changed it, or is met in the next round.</summary>
    private async Task<bool> ResealAsync(GrantRow row, CancellationToken cancellationToken)
    {
        if (!sealing.TryOpen(row.Key, row, out var grant))
            return false;
        if (await store.ResealAsync(row.Key, row, sealing.Seal(row.Key, row.Issuer, grant), cancellationToken) is { } resealed)
            await known.TellAsync(row.Key, resealed);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(3530, LogLevel.Information, "{Count} linked accounts were sealed anew under the key {KeyId}", EventName = "vault.resealed")]
        public static partial void Resealed(ILogger logger, int count, string keyId);

        [LoggerMessage(3531, LogLevel.Error, "{Count} linked accounts do not open with the keys of vault.keys and were left as they are; keep every key that is still in use", EventName = "vault.left_as_is")]
        public static partial void Unreadable(ILogger logger, int count);

        [LoggerMessage(3532, LogLevel.Warning, "Linked accounts could not be sealed anew; the next minute tries again", EventName = "vault.not_resealed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
