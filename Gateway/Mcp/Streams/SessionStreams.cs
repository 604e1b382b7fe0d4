using Cortex.Sessions;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Which of a session's GET streams gets its notifications: the newest, on whichever replica it is, for a server must not send a message on two streams.
/// Streams of other replicas are known by signals. Thread-safe.
/// </summary>
internal sealed class SessionStreams
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionKey, List<Entry>> _sessions = [];

    /// <summary>Notes a stream of this replica, the newest now.</summary>
    public void Enter(SessionKey session, string id, PendingChanges pending)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(session, out var entries))
                _sessions[session] = entries = [];
            entries.Add(new Entry(id, pending));
            LookAll(entries);
        }
    }

    /// <summary>Notes a stream of any replica.</summary>
    public void Opened(SessionKey session, string id)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(session, out var entries) || entries.Exists(entry => entry.Id == id))
                return;
            entries.Add(new Entry(id, null));
            LookAll(entries);
        }
    }

    /// <summary>Forgets a stream; the newest of the others takes over.</summary>
    public void Closed(SessionKey session, string id)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(session, out var entries) || entries.RemoveAll(entry => entry.Id == id) == 0)
                return;
            if (entries.TrueForAll(entry => entry.Pending is null))
                _sessions.Remove(session);
            else
                LookAll(entries);
        }
    }

    /// <summary>Forgets the streams of other replicas, since signals of them may have been missed.</summary>
    public void ForgetOthers(SessionKey session)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(session, out var entries) && entries.RemoveAll(entry => entry.Pending is null) > 0)
                LookAll(entries);
        }
    }

    /// <summary>True when the session's notifications go to this stream.</summary>
    public bool IsNewest(SessionKey session, string id)
    {
        lock (_gate)
            return _sessions.TryGetValue(session, out var entries) && entries.Count > 0 && entries[^1].Id == id;
    }

    private static void LookAll(List<Entry> entries)
    {
        foreach (var entry in entries)
            entry.Pending?.Look(StreamLook.Session);
    }

    /// <summary>One stream; without pending changes it is another replica's.</summary>
    private sealed record Entry(string Id, PendingChanges? Pending);
}
