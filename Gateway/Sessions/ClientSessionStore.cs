using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;

namespace Cortex.Sessions;

/// <summary>
/// Sessions of legacy clients, in the shared state, so that any replica serves any session. A session is looked up by owner and id:
/// another person's is not found. Thread-safe.
/// </summary>
internal sealed class ClientSessionStore(ISharedState state, TimeProvider time)
{
    /// <summary>A session that nobody uses ends after this.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private static readonly TimeSpan TouchEvery = TimeSpan.FromHours(1);

    /// <summary>Opens a session for <paramref name="caller"/>.</summary>
    public async ValueTask<ClientSession> OpenAsync(Caller caller, ProtocolVersion version, string capabilities, CancellationToken cancellationToken)
    {
        var session = new ClientSession(SessionId.New(), version, capabilities, time.GetUtcNow());
        await WriteAsync(caller, session, cancellationToken);
        return session;
    }

    /// <summary>The caller's own session of this id; null when it ended, never was, or is somebody else's.</summary>
    public async ValueTask<ClientSession?> FindAsync(Caller caller, SessionId id, CancellationToken cancellationToken)
    {
        if (await state.FindAsync(Key(caller, id), cancellationToken) is not { } bytes)
            return null;
        var record = JsonSerializer.Deserialize(bytes, SessionJson.Default.SessionRecord);
        if (record is null || ProtocolVersion.Find(record.Version) is not { } version)
            return null;
        var session = new ClientSession(id, version, record.Capabilities, DateTimeOffset.FromUnixTimeMilliseconds(record.TouchedAt));
        if (time.GetUtcNow() - session.TouchedAt > TouchEvery)
            await WriteAsync(caller, session with { TouchedAt = time.GetUtcNow() }, cancellationToken);
        return session;
    }

    /// <summary>Ends the caller's own session; false when there is none.</summary>
    public ValueTask<bool> EndAsync(Caller caller, SessionId id, CancellationToken cancellationToken) =>
        state.RemoveAsync(Key(caller, id), cancellationToken);

    private ValueTask WriteAsync(Caller caller, ClientSession session, CancellationToken cancellationToken)
    {
        var record = new SessionRecord(session.Version.Value, session.Capabilities, session.TouchedAt.ToUnixTimeMilliseconds());
        var bytes = JsonSerializer.SerializeToUtf8Bytes(record, SessionJson.Default.SessionRecord);
        return state.SetAsync(Key(caller, session.Id), bytes, Lifetime, cancellationToken);
    }

    private static string Key(Caller caller, SessionId id) =>
        $"session:{SessionKey.Of(caller, id)}";
}

/// <summary>The stored form of a <see cref="ClientSession"/>.</summary>
internal sealed record SessionRecord(string Version, string Capabilities, long TouchedAt);

/// <summary>JSON of this room.</summary>
[JsonSerializable(typeof(SessionRecord))]
internal sealed partial class SessionJson : JsonSerializerContext;
