using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;

namespace Cortex.Sessions;

/// <summary>
/// Sessions of legacy clients, in the shared state, so that any replica serves any session. A session is looked up by owner and id:
/// another person's is not found. Thread-safe.
/// </summary>
internal sealed class ClientSessionStore(ISharedState state, ClientSessionPeers peers, SessionLifetime lifetime, TimeProvider time)
{
    /// <summary>Opens a session for <paramref name="caller"/>.</summary>
    public async ValueTask<ClientSession> OpenAsync(
        Caller caller, ProtocolVersion version, string capabilities, ToolsetId? toolset, CancellationToken cancellationToken)
    {
        var session = new ClientSession(SessionId.New(), version, capabilities, null, time.GetUtcNow()) { Toolset = toolset };
        await state.SetAsync(KeyOf(caller, session.Id), Write(session), lifetime.Idle, cancellationToken);
        await peers.JoinAsync(caller, session, cancellationToken);
        return session;
    }

    /// <summary>The caller's own session of this id; null when it ended, never was, or is somebody else's.</summary>
    public async ValueTask<ClientSession?> FindAsync(Caller caller, SessionId id, CancellationToken cancellationToken)
    {
        var key = KeyOf(caller, id);
        if (await state.FindAsync(key, cancellationToken) is not { } bytes || Read(id, bytes) is not { } session)
            return null;
        if (time.GetUtcNow() - session.TouchedAt <= lifetime.TouchEvery)
            return session;

        // Where another request changed it meanwhile, that one put its expiry off. One that ended stays ended.
        var touched = session with { TouchedAt = time.GetUtcNow() };
        if (await state.TryReplaceAsync(key, bytes, Write(touched), lifetime.Idle, cancellationToken))
            await peers.JoinAsync(caller, touched, cancellationToken);
        return touched;
    }

    /// <summary>Sets the least grave level of log messages that the session's client wants; false when there is no such session.</summary>
    public async ValueTask<bool> SetLevelAsync(Caller caller, SessionId id, McpLogLevel level, CancellationToken cancellationToken) =>
        await ChangeAsync(caller, id, session => session with { Level = level }, cancellationToken) is not null;

    /// <summary>Changes the caller's own session, however many change it at once.</summary>
    /// <param name="caller">Its owner.</param>
    /// <param name="id">Its id.</param>
    /// <param name="change">Gives the changed session; the same one to leave it as it is. May be called several times.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The session as it is now; null when there is none.</returns>
    public async ValueTask<ClientSession?> ChangeAsync(
        Caller caller, SessionId id, Func<ClientSession, ClientSession> change, CancellationToken cancellationToken)
    {
        var key = KeyOf(caller, id);
        while (await state.FindAsync(key, cancellationToken) is { } bytes && Read(id, bytes) is { } session)
        {
            var changed = change(session);
            if (ReferenceEquals(changed, session)
                || await state.TryReplaceAsync(key, bytes, Write(changed with { TouchedAt = time.GetUtcNow() }), lifetime.Idle, cancellationToken))
                return changed;
        }

        return null;
    }

    /// <summary>Ends the caller's own session; false when there is none.</summary>
    public ValueTask<bool> EndAsync(Caller caller, SessionId id, CancellationToken cancellationToken) =>
        state.RemoveAsync(KeyOf(caller, id), cancellationToken);

    /// <summary>Where a session stands in the shared state.</summary>
    internal static string KeyOf(Caller caller, SessionId id) => $"session:{SessionKey.Of(caller, id)}";

    private static byte[] Write(ClientSession session) => JsonSerializer.SerializeToUtf8Bytes(
        new SessionRecord(
            session.Version.Value,
            session.Capabilities,
            session.Level,
            session.TouchedAt.ToUnixTimeMilliseconds(),
            session.Subscriptions.Count == 0 ? null : session.Subscriptions,
            session.Toolset?.Value),
        SessionJson.Default.SessionRecord);

    private static ClientSession? Read(SessionId id, byte[] bytes) =>
        JsonSerializer.Deserialize(bytes, SessionJson.Default.SessionRecord) is { } record && ProtocolVersion.Find(record.Version) is { } version
            ? new ClientSession(id, version, record.Capabilities, record.Level, DateTimeOffset.FromUnixTimeMilliseconds(record.TouchedAt))
            {
                Toolset = ToolsetId.TryParse(record.Toolset, out var toolset) ? toolset : null,
                Subscriptions = record.Subscriptions ?? [],
            }
            : null;
}

/// <summary>The stored form of a <see cref="ClientSession"/>.</summary>
internal sealed record SessionRecord(string Version, string Capabilities, McpLogLevel? Level, long TouchedAt, IReadOnlyList<string>? Subscriptions = null, string? Toolset = null);

/// <summary>JSON of this room.</summary>
[JsonSerializable(typeof(SessionRecord))]
internal sealed partial class SessionJson : JsonSerializerContext;
