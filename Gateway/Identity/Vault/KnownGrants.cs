using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;

namespace Cortex.Identity.Vault;

/// <summary>
/// Copies of grants, still sealed, so that a call asks the database only when nobody has asked for long:
/// 1. in this process for <see cref="Remembered"/>, until the bus tells of a change;
/// 2. in shared state for <see cref="Shared"/>, under <c>vault/grant/{person}/{backend}</c>, where a copy gives way only to a newer version;
/// 3. the database.
/// That there is no grant is remembered as well. A replica that may have missed messages forgets what it has. Wire on the bus: see
/// <see cref="GrantMessage"/>. Thread-safe.
/// </summary>
internal sealed partial class KnownGrants(
    GrantStore store, ISharedState state, GrantListeners listeners, TimeProvider time, ILogger<KnownGrants> logger)
    : BusFollower(state, BusChannel, time, logger)
{
    private const string BusChannel = "vault.grants";
    private const int MaxRemembered = 20_000;
    private const int MaxCopyAttempts = 8;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shared = TimeSpan.FromMinutes(30);

    private readonly ExpiringCache<GrantKey, GrantRow> _known = new(MaxRemembered, time);
    private readonly string _origin = Guid.NewGuid().ToString("N");

    /// <summary>Grows with each change that was heard of, so that what was read before it is not remembered after it.</summary>
    private int _changes;

    /// <summary>The grant as it is known.</summary>
    public ValueTask<GrantRow> FindAsync(GrantKey key, CancellationToken cancellationToken) =>
        _known.TryGet(key, out var row) ? ValueTask.FromResult(row) : ReadAsync(key, cancellationToken);

    /// <summary>The grant as the replicas share it: the copy in shared state, or the database's when there is none.</summary>
    public async ValueTask<GrantRow> ReadAsync(GrantKey key, CancellationToken cancellationToken)
    {
        var changes = Volatile.Read(ref _changes);
        if (await FindCopyAsync(key, cancellationToken) is { } copy)
        {
            Remember(key, copy, changes);
            return copy;
        }

        return await ReadStoredAsync(key, cancellationToken);
    }

    /// <summary>The grant as the database has it; the copies are renewed.</summary>
    public async ValueTask<GrantRow> ReadStoredAsync(GrantKey key, CancellationToken cancellationToken)
    {
        var changes = Volatile.Read(ref _changes);
        var row = await store.FindAsync(key, cancellationToken);
        await CopyAsync(key, row);
        Remember(key, row, changes);
        return row;
    }

    /// <summary>As <see cref="ReadStoredAsync"/>, for a grant whose copies turned out to be useless: none of them stays.</summary>
    public async ValueTask<GrantRow> ReplaceAsync(GrantKey key, CancellationToken cancellationToken)
    {
        Forget(key);
        try
        {
            await State.RemoveAsync(CopyName(key), cancellationToken);
        }
        catch (SharedStateException exception)
        {
            Log.NoCopy(logger, exception);
        }

        return await ReadStoredAsync(key, cancellationToken);
    }

    /// <summary>Tells every replica of a grant that has changed. It is on record by now, so that this never fails: a copy that can't be written ends by itself.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="row">The row as it is now.</param>
    /// <param name="isLinked">True when it did not count before, or counts for more now; false for other tokens in the place of old ones.</param>
    public async ValueTask TellAsync(GrantKey key, GrantRow row, bool isLinked = false)
    {
        await CopyAsync(key, row);
        var message = new GrantMessage(key, ChangeOf(row, isLinked), _origin);
        Take(message);
        await SendAsync(message.Write());
    }

    private static string CopyName(GrantKey key) => $"vault/grant/{key}";

    private static GrantRow? Parse(GrantKey key, byte[]? copy)
    {
        if (copy is null)
            return null;
        try
        {
            var row = JsonSerializer.Deserialize(copy, GrantJson.Default.GrantRow);
            return row is not null && row.Person == key.Person.Value && row.Backend == key.Backend.Value
                && row.StateName is GrantRow.Linked or GrantRow.NeedsRelink or GrantRow.Unlinked
                ? row
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async ValueTask<GrantRow?> FindCopyAsync(GrantKey key, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(key, await State.FindAsync(CopyName(key), cancellationToken));
        }
        catch (SharedStateException exception)
        {
            Log.NoCopy(logger, exception);
            return null;
        }
    }

    /// <summary>Puts a copy into shared state unless one at least as new is there.</summary>
    private async ValueTask CopyAsync(GrantKey key, GrantRow row)
    {
        var name = CopyName(key);
        var copy = JsonSerializer.SerializeToUtf8Bytes(row, GrantJson.Default.GrantRow);
        try
        {
            for (var attempt = 0; attempt < MaxCopyAttempts; attempt++)
            {
                var present = await State.FindAsync(name, CancellationToken.None);
                if (present is null)
                {
                    if (await State.TryAddAsync(name, copy, Shared, CancellationToken.None))
                        return;
                }
                else if (Parse(key, present) is { } other && IsAsNew(other, row))
                {
                    return;
                }
                else if (await State.TryReplaceAsync(name, present, copy, Shared, CancellationToken.None))
                {
                    return;
                }
            }

            // So many writers at once leave the newest or an older copy; without one, the next reader asks the database.
            await State.RemoveAsync(name, CancellationToken.None);
        }
        catch (SharedStateException exception)
        {
            Log.NoCopy(logger, exception);
        }
    }

    /// <summary>A copy that says the same, or is newer, stays. One of the same version that says something else was tampered with.</summary>
    private static bool IsAsNew(GrantRow present, GrantRow row) =>
        present.Version > row.Version
        || (present.Version == row.Version && present.StateName == row.StateName && present.Sealed.AsSpan().SequenceEqual(row.Sealed));

    private void Remember(GrantKey key, GrantRow row, int changes)
    {
        if (changes != Volatile.Read(ref _changes))
            return;
        _known.Set(key, row, Time.GetUtcNow() + Remembered);
        if (changes != Volatile.Read(ref _changes))
            _known.Remove(key);
    }

    private static GrantChange? ChangeOf(GrantRow row, bool isLinked) => row.State switch
    {
        GrantState.Linked => isLinked ? GrantChange.Linked : null,
        GrantState.NeedsRelink => GrantChange.NeedsRelink,
        _ => GrantChange.Unlinked,
    };

    /// <summary>What this replica itself told comes back over the bus.</summary>
    protected override void Deliver(ReadOnlyMemory<byte> bytes)
    {
        if (GrantMessage.TryRead(bytes.Span, out var message) && message.Origin != _origin)
            Take(message);
    }

    private void Take(GrantMessage message)
    {
        Forget(message.Key);
        if (message.Change is { } change)
            listeners.Call(message.Key, change);
    }

    private void Forget(GrantKey key)
    {
        Interlocked.Increment(ref _changes);
        _known.Remove(key);
    }

    protected override void Miss()
    {
        Interlocked.Increment(ref _changes);
        _known.Clear();
        listeners.CallMissed();
    }

    private static partial class Log
    {
        [LoggerMessage(3501, LogLevel.Warning, "The copy of a linked account in shared state could not be read or written; the database is asked instead", EventName = "vault.no_copy")]
        public static partial void NoCopy(ILogger logger, Exception exception);
    }
}
