using System.Collections.Concurrent;
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
/// Sessions at legacy native servers. One belongs to person + client + backend, is opened lazily, shared by all replicas through the shared
/// state (sealed, since a session id is worth stealing) and forgotten when nobody uses it. Thread-safe.
/// </summary>
internal sealed class UpstreamSessions(ISharedState state, Sealer sealer, UpstreamHandshake handshake)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Lazy<Task<UpstreamSessionResult>>> _opening = new();

    /// <summary>The caller's session at <paramref name="backend"/>, opened now if there is none.</summary>
    public async ValueTask<UpstreamSessionResult> GetAsync(
        Caller caller, BackendDefinition backend, IReadOnlyList<KeyValuePair<string, string>> credential, CancellationToken cancellationToken)
    {
        var key = Key(caller, backend);
        if (await state.FindAsync(key, cancellationToken) is { } bytes && Read(bytes, key) is { } session)
            return new UpstreamSessionResult.Ready(session);
        return await OpenOnceAsync(key, backend, credential, cancellationToken);
    }

    /// <summary>Forgets a session that its server no longer knows.</summary>
    public async ValueTask ForgetAsync(Caller caller, BackendDefinition backend, CancellationToken cancellationToken) =>
        await state.RemoveAsync(Key(caller, backend), cancellationToken);

    /// <summary>Concurrent calls of one caller share one handshake; its deadline is the handshake's own.</summary>
    private async Task<UpstreamSessionResult> OpenOnceAsync(
        string key, BackendDefinition backend, IReadOnlyList<KeyValuePair<string, string>> credential, CancellationToken cancellationToken)
    {
        var opening = _opening.GetOrAdd(key, _ => new Lazy<Task<UpstreamSessionResult>>(() => OpenAsync(key, backend, credential)));
        try
        {
            return await opening.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            if (opening.Value.IsCompleted)
                _opening.TryRemove(KeyValuePair.Create(key, opening));
        }
    }

    private async Task<UpstreamSessionResult> OpenAsync(
        string key, BackendDefinition backend, IReadOnlyList<KeyValuePair<string, string>> credential)
    {
        var result = await handshake.OpenAsync(backend, credential, CancellationToken.None);
        if (result is UpstreamSessionResult.Ready ready)
            await state.SetAsync(key, Write(ready.Session, key), Lifetime, CancellationToken.None);
        return result;
    }

    private byte[] Write(UpstreamSession session, string key) => sealer.Seal(
        JsonSerializer.SerializeToUtf8Bytes(
            new UpstreamRecord(session.Destination, session.SessionId, session.Version.Value), UpstreamJson.Default.UpstreamRecord),
        key);

    private UpstreamSession? Read(byte[] bytes, string key) =>
        sealer.TryOpen(bytes, key) is { } plain
        && JsonSerializer.Deserialize(plain, UpstreamJson.Default.UpstreamRecord) is { } record
        && ProtocolVersion.Find(record.Version) is { } version
            ? new UpstreamSession(record.Destination, record.SessionId, version)
            : null;

    private static string Key(Caller caller, BackendDefinition backend) =>
        $"upstream:{backend.Id}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{caller.Owner}\n{backend.Path}")))}";
}

/// <summary>The stored form of an <see cref="UpstreamSession"/>.</summary>
internal sealed record UpstreamRecord(string Destination, string? SessionId, string Version);

/// <summary>JSON of this room.</summary>
[JsonSerializable(typeof(UpstreamRecord))]
internal sealed partial class UpstreamJson : JsonSerializerContext;
