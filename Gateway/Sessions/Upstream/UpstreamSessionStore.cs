using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// Records of sessions at native servers in the shared state: sealed, since a session id is worth stealing. Whoever changes one says what it saw,
/// and loses to whoever was first. Thread-safe.
/// </summary>
internal sealed class UpstreamSessionStore(ISharedState state, Sealer sealer)
{
    /// <summary>A session that nobody uses is forgotten after this.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private static readonly byte[] Removed = "-"u8.ToArray();

    private static readonly TimeSpan RemovedFor = TimeSpan.FromSeconds(1);

    /// <summary>Key of the caller's session at a backend, for a client that declared these capabilities.</summary>
    public static string Key(Caller caller, BackendDefinition backend, ClientCapabilities capabilities) =>
        $"upstream:{backend.Id}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Owner}\n{backend.Path}\n{capabilities.Digest}")))}";

    /// <summary>What stands at <paramref name="key"/>; null when nothing does.</summary>
    public async ValueTask<StoredUpstreamSession?> FindAsync(string key, CancellationToken cancellationToken) =>
        await state.FindAsync(key, cancellationToken) is { } bytes ? new StoredUpstreamSession(bytes, Read(bytes, key)) : null;

    /// <summary>Writes the session in the place of what was seen; null when another was first.</summary>
    public async ValueTask<StoredUpstreamSession?> TryWriteAsync(
        string key, StoredUpstreamSession? seen, UpstreamSession session, CancellationToken cancellationToken)
    {
        var bytes = Write(session, key);
        var written = seen is null
            ? await state.TryAddAsync(key, bytes, Lifetime, cancellationToken)
            : await state.TryReplaceAsync(key, seen.Bytes, bytes, Lifetime, cancellationToken);
        return written ? new StoredUpstreamSession(bytes, session) : null;
    }

    /// <summary>Forgets what was seen; false when another changed it first.</summary>
    public ValueTask<bool> TryRemoveAsync(string key, StoredUpstreamSession seen, CancellationToken cancellationToken) =>
        state.TryReplaceAsync(key, seen.Bytes, Removed, RemovedFor, cancellationToken);

    private byte[] Write(UpstreamSession session, string key)
    {
        var record = new UpstreamRecord(
            session.Destination, session.Address, session.SessionId, session.Version.Value, session.Logs, session.Level, session.TouchedAt.ToUnixTimeMilliseconds(), session.Account);
        return sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(record, UpstreamJson.Default.UpstreamRecord), key);
    }

    private UpstreamSession? Read(byte[] bytes, string key)
    {
        if (sealer.TryOpen(bytes, key) is not { } plain
            || JsonSerializer.Deserialize(plain, UpstreamJson.Default.UpstreamRecord) is not { Destination: not null, Address: not null } record
            || ProtocolVersion.Find(record.Version) is not { } version)
            return null;
        var session = new UpstreamSession(
            record.Destination, record.Address, record.SessionId, version, record.Logs, record.Level, DateTimeOffset.FromUnixTimeMilliseconds(record.TouchedAt));
        return session with { Account = record.Account };
    }
}

/// <summary>What stood in the shared state.</summary>
/// <param name="Bytes">As it was stored.</param>
/// <param name="Session">The session; null when it was just forgotten or can't be read.</param>
internal sealed record StoredUpstreamSession(byte[] Bytes, UpstreamSession? Session);

/// <summary>The stored form of an <see cref="UpstreamSession"/>.</summary>
internal sealed record UpstreamRecord(
    string Destination, string Address, string? SessionId, string Version, bool Logs, McpLogLevel? Level, long TouchedAt, string? Account = null);

/// <summary>JSON of this room.</summary>
[JsonSerializable(typeof(UpstreamRecord))]
internal sealed partial class UpstreamJson : JsonSerializerContext;
