using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;

namespace Cortex.Sessions;

/// <summary>
/// Which sessions of one caller declared the same capabilities and so share sessions at native servers: these may be closed only when the last
/// of them ends. One short list a caller and set of capabilities, so that sessions abandoned by the thousand cost one line together: beyond
/// <see cref="MaxListed"/> living ones it says no more than "many", and none of them counts as the last. Thread-safe.
/// </summary>
internal sealed class ClientSessionPeers(ISharedState state, SessionLifetime lifetime)
{
    private const int MaxListed = 16;

    private static readonly byte[] Many = "*"u8.ToArray();

    /// <summary>Notes that <paramref name="session"/> lives; once more when its expiry is put off.</summary>
    public async ValueTask JoinAsync(Caller caller, ClientSession session, CancellationToken cancellationToken)
    {
        var key = Key(caller, session.ClientCapabilities);
        while (true)
        {
            var seen = await state.FindAsync(key, cancellationToken);
            var next = Many;
            if (seen is null || !IsMany(seen))
            {
                var ids = Parse(seen);
                ids.Remove(session.Id);
                if (ids.Count >= MaxListed)
                    ids = await LivingAsync(caller, ids, cancellationToken);
                ids.Add(session.Id);
                next = ids.Count > MaxListed ? Many : Format(ids);
            }

            var written = seen is null
                ? await state.TryAddAsync(key, next, lifetime.Idle, cancellationToken)
                : await state.TryReplaceAsync(key, seen, next, lifetime.Idle, cancellationToken);
            if (written)
                return;
        }
    }

    /// <summary>Notes that <paramref name="session"/> ended; true when it was certainly the last.</summary>
    public async ValueTask<bool> LeaveAsync(Caller caller, ClientSession session, CancellationToken cancellationToken)
    {
        var key = Key(caller, session.ClientCapabilities);
        while (await state.FindAsync(key, cancellationToken) is { } seen && !IsMany(seen))
        {
            var ids = Parse(seen);
            ids.Remove(session.Id);
            var living = await LivingAsync(caller, ids, cancellationToken);
            if (await state.TryReplaceAsync(key, seen, Format(living), lifetime.Idle, cancellationToken))
                return living.Count == 0;
        }

        return false;
    }

    private async ValueTask<List<SessionId>> LivingAsync(Caller caller, List<SessionId> ids, CancellationToken cancellationToken)
    {
        var living = new List<SessionId>(ids.Count);
        foreach (var id in ids)
        {
            if (await state.FindAsync(ClientSessionStore.KeyOf(caller, id), cancellationToken) is not null)
                living.Add(id);
        }

        return living;
    }

    private static string Key(Caller caller, ClientCapabilities capabilities) =>
        $"session-peers:{SessionKey.OwnerDigest(caller)}:{capabilities.Digest}";

    private static bool IsMany(byte[] value) => value.AsSpan().SequenceEqual(Many);

    private static List<SessionId> Parse(byte[]? value)
    {
        var ids = new List<SessionId>();
        foreach (var text in Encoding.ASCII.GetString(value ?? []).Split('\n'))
        {
            if (SessionId.TryParse(text, out var id))
                ids.Add(id);
        }

        return ids;
    }

    private static byte[] Format(List<SessionId> ids) => Encoding.ASCII.GetBytes(ids.Count == 0 ? "-" : string.Join('\n', ids));
}
