using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Cortex.Catalog;

/// <summary>Finds out how a native server speaks: from the era agreed with it, its capabilities, and what it says in <c>server/discover</c>.</summary>
internal static class NativeSpeech
{
    public static async Task<BackendSpeech> ReadAsync(McpClient client, CancellationToken cancellationToken)
    {
        var version = ProtocolVersion.Find(client.NegotiatedProtocolVersion)
            ?? throw new CatalogSourceException($"the server speaks MCP {client.NegotiatedProtocolVersion}, which the gateway does not.");
        var capabilities = client.ServerCapabilities;
        return new BackendSpeech(
            version,
            version.Era == Era.Modern ? await FindLegacyAsync(client, cancellationToken) : null,
            capabilities.Completions is not null,
            capabilities.Resources?.Subscribe is true,
#pragma warning disable MCP9005 // Deprecated by MCP, and served as long as a supported revision has it.
            capabilities.Logging is not null);
#pragma warning restore MCP9005
    }

    /// <summary>The newest legacy revision among <c>supportedVersions</c>; null when there is none, or the server does not say.</summary>
    private static async Task<ProtocolVersion?> FindLegacyAsync(McpClient client, CancellationToken cancellationToken)
    {
        try
        {
            var request = new JsonRpcRequest { Method = "server/discover", Params = new JsonObject() };
            var response = await client.SendRequestAsync(request, cancellationToken);
            return response.Result is JsonObject result && result["supportedVersions"] is JsonArray versions ? Newest(versions) : null;
        }
        catch (McpException)
        {
            // It negotiated without this method, and speaks the one era that was agreed.
            return null;
        }
    }

    private static ProtocolVersion? Newest(JsonArray versions)
    {
        var named = versions.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var text) ? text : null).ToHashSet();
        return ProtocolVersion.Supported.FirstOrDefault(version => version.Era == Era.Legacy && named.Contains(version.Value));
    }
}
