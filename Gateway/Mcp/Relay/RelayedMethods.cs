using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp.Relay;

/// <summary>The requests of servers that the gateway relays, and what a client must have declared for each of them.</summary>
internal static class RelayedMethods
{
    /// <summary>The JSON-RPC code that a server gets which asks what the client did not declare; null when the client takes the request.</summary>
    public static int? FindRefusal(ServerMessage request, ClientCapabilities capabilities)
    {
        var needed = request.Method switch
        {
            "elicitation/create" => "elicitation",
            "sampling/createMessage" => "sampling",
            "roots/list" => "roots",
            _ => null,
        };
        if (needed is null)
            return McpError.MethodNotFound;
        using var document = JsonDocument.Parse(capabilities.Json);
        if (!document.RootElement.TryGetProperty(needed, out var declared))
            return McpError.MethodNotFound;
        var takes = needed switch
        {
            "elicitation" => TakesMode(request.Mode, declared),
            "sampling" => !request.OffersTools || declared.TryGetProperty("tools", out _),
            _ => true,
        };
        return takes ? null : McpError.InvalidParams;
    }

    /// <summary>No mode means a form, and so does a client's empty object.</summary>
    private static bool TakesMode(ReadOnlySpan<byte> mode, JsonElement declared)
    {
        if (mode.IsEmpty || JsonText.IsSame(mode, "\"form\""u8))
            return declared.TryGetProperty("form", out _) || !declared.TryGetProperty("url", out _);
        return JsonText.IsSame(mode, "\"url\""u8) && declared.TryGetProperty("url", out _);
    }
}
