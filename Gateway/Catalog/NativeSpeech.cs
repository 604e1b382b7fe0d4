using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Sessions.Upstream;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Cortex.Catalog;

/// <summary>
/// Finds out how a native server speaks: (1) the era agreed with it and its capabilities, (2) for a modern one, the legacy revisions it names in
/// <c>server/discover</c>, (3) where it names none, whether it takes <c>initialize</c> all the same: servers of both eras may list only those
/// revisions that a modern request can choose. What (3) gave is remembered for a while. Thread-safe.
/// </summary>
internal sealed class NativeSpeech(UpstreamHandshake handshake, UpstreamClosings closings, TimeProvider time)
{
    private static readonly TimeSpan RememberFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<BackendId, Tried> _tried = new();

    /// <summary>Asks the server over <paramref name="client"/>, and by a handshake of its own where need be; each has the backend's timeout.</summary>
    public async Task<BackendSpeech> ReadAsync(
        McpClient client, BackendDefinition backend, CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        var version = ProtocolVersion.Find(client.NegotiatedProtocolVersion)
            ?? throw new CatalogSourceException($"the server speaks MCP {client.NegotiatedProtocolVersion}, which the gateway does not.");
        var capabilities = client.ServerCapabilities;
        var speech = new BackendSpeech(
            version,
            null,
            capabilities.Completions is not null,
            capabilities.Resources?.Subscribe is true,
#pragma warning disable MCP9005 // Deprecated by MCP, and served as long as a supported revision has it.
            capabilities.Logging is not null);
#pragma warning restore MCP9005
        if (version.Era == Era.Legacy)
            return speech;
        if (await FindNamedAsync(client, backend.Options.Timeout, cancellationToken) is { } named)
            return speech with { Legacy = named };
        var tried = await TryAsync(backend, credential, cancellationToken);
        return speech with { Legacy = tried.Legacy, Logs = speech.Logs || tried.Logs };
    }

    /// <summary>The newest legacy revision among <c>supportedVersions</c>; null when there is none, or the server does not say.</summary>
    private static async Task<ProtocolVersion?> FindNamedAsync(McpClient client, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            var request = new JsonRpcRequest { Method = "server/discover", Params = new JsonObject() };
            var response = await client.SendRequestAsync(request, deadline.Token);
            return response.Result is JsonObject result && result["supportedVersions"] is JsonArray versions ? Newest(versions) : null;
        }
        catch (McpException)
        {
            // It negotiated without this method, and names nothing.
            return null;
        }
    }

    private static ProtocolVersion? Newest(JsonArray versions)
    {
        var named = versions.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var text) ? text : null).ToHashSet();
        return ProtocolVersion.Supported.FirstOrDefault(version => version.Era == Era.Legacy && named.Contains(version.Value));
    }

    /// <summary>Opens a session and ends it. A server that can't be reached leaves what was known.</summary>
    private async Task<Tried> TryAsync(
        BackendDefinition backend, CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        var known = _tried.GetValueOrDefault(backend.Id);
        if (known is not null && known.Backend == backend && time.GetUtcNow() - known.At < RememberFor)
            return known;
        switch (await handshake.OpenAsync(backend, Sessions.ClientCapabilities.None, credential, cancellationToken))
        {
            case UpstreamSessionResult.Ready ready:
                closings.Add(backend, ready.Session, credential.Headers);
                return Remember(backend, ready.Session.Version, ready.Session.Logs);
            case UpstreamSessionResult.Refused or UpstreamSessionResult.CredentialRefused:
                return Remember(backend, null, logs: false);
            default:
                return known ?? new Tried(backend, null, false, time.GetUtcNow());
        }
    }

    private Tried Remember(BackendDefinition backend, ProtocolVersion? legacy, bool logs) =>
        _tried[backend.Id] = new Tried(backend, legacy, logs, time.GetUtcNow());

    /// <summary>What a handshake gave.</summary>
    private sealed record Tried(BackendDefinition Backend, ProtocolVersion? Legacy, bool Logs, DateTimeOffset At);
}
