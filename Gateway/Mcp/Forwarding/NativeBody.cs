using System.Text;
using System.Text.Json;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Writes a client's call as a native server is to see it: the server's own name of the tool or prompt, or URI of the resource; for a legacy server the gateway's id and progress
/// token, since callers share its sessions; for a modern one the <c>_meta</c> of its era. Every other byte stays.
/// </summary>
internal static class NativeBody
{
    /// <summary>What is said for a legacy client. It declares nothing: what a modern server asks can't be put to a client of the other era.</summary>
    private static readonly byte[] ModernMeta =
    [
        .. "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","u8,
        .. "\"io.modelcontextprotocol/clientCapabilities\":{},"u8,
        .. "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"cortex-gateway\",\"version\":"u8,
        .. JsonText.Quote(ThisAssembly.Version),
        .. "}"u8,
    ];

    /// <summary>What belongs to a round between client and gateway alone: the state is of a link.</summary>
    private static readonly int[] OwnRound = [McpMembers.RequestState, McpMembers.InputResponses];

    private static readonly int[] ModernOnly = [McpMembers.Version, McpMembers.Capabilities, McpMembers.ClientInfo, McpMembers.LogLevel];

    /// <summary>Writes the body.</summary>
    /// <param name="upstreamId">Raw id and progress token for a legacy server.</param>
    /// <param name="round">What the client's state stands for.</param>
    public static void Write(PooledBuffer output, McpExchange exchange, CatalogItem item, Era server, ReadOnlyMemory<byte> upstreamId, RequestState round)
    {
        var message = exchange.Message;
        var splice = new JsonSplice(message.Body.Span);
        var member = message.Method == "completion/complete" ? McpMembers.RefName : McpMembers.Name;
        if (item.Kind is CatalogKind.Tool or CatalogKind.Prompt && item.OriginalName != item.PublicName && message.TryGet(member, out var name))
            splice.Replace(name.Value, JsonText.Quote(item.OriginalName));
        if (round is RequestState.OfServer unfinished && message.TryGet(McpMembers.RequestState, out var state))
            splice.Replace(state.Value, unfinished.State);
        else if (round is RequestState.OfLink)
            RemoveAll(ref splice, message, OwnRound);
        ResourceUriRules.Restore(ref splice, message, item);
        if (server == Era.Legacy)
            ToLegacy(ref splice, message, upstreamId);
        else if (exchange.Era == Era.Modern)
            ToModernFromModern(ref splice, exchange);
        else
            ToModernFromLegacy(ref splice, message, exchange.LogLevel);
        splice.WriteTo(output);
    }

    private static void ToLegacy(ref JsonSplice splice, McpMessage message, ReadOnlyMemory<byte> upstreamId)
    {
        splice.Replace(message.IdRange, upstreamId);
        if (message.TryGet(McpMembers.ProgressToken, out var token))
            splice.Replace(token.Value, upstreamId);
        RemoveAll(ref splice, message, ModernOnly);
    }

    private static void ToModernFromModern(ref JsonSplice splice, McpExchange exchange)
    {
        if (exchange.Message.TryGet(McpMembers.Capabilities, out var capabilities))
            splice.Replace(capabilities.Value, exchange.Capabilities.Json);
    }

    private static void ToModernFromLegacy(ref JsonSplice splice, McpMessage message, McpLogLevel? level)
    {
        RemoveAll(ref splice, message, ModernOnly);
        byte[] members = level is { } wanted
            ? [.. ModernMeta, .. ",\""u8, .. Encoding.ASCII.GetBytes(McpMembers.MetaLogLevel), .. "\":"u8, .. LogLevels.Quote(wanted).Span]
            : ModernMeta;
        if (message.TryGet(McpMembers.Meta, out var meta) && meta.Kind == JsonValueKind.Object)
            splice.InsertFirst(meta.Value, members);
        else if (!meta.Value.IsEmpty)
            splice.Replace(meta.Value, (byte[])[.. "{"u8, .. members, .. "}"u8]);
        else
            splice.InsertFirst(message.Params, (byte[])[.. "\"_meta\":{"u8, .. members, .. "}"u8]);
    }

    private static void RemoveAll(ref JsonSplice splice, McpMessage message, int[] members)
    {
        foreach (var member in members)
        {
            if (message.TryGet(member, out var found))
                splice.Remove(found.Value);
        }
    }
}
