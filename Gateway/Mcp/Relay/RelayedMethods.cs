using System.Text.Json;
using Cortex.Sessions;

namespace Cortex.Mcp.Relay;

/// <summary>The requests of servers that the gateway relays, and the client capability each of them needs.</summary>
internal static class RelayedMethods
{
    /// <summary>True when a client with these capabilities takes the request.</summary>
    public static bool IsDeclared(string method, ClientCapabilities capabilities)
    {
        var needed = method switch
        {
            "elicitation/create" => "elicitation",
            "sampling/createMessage" => "sampling",
            "roots/list" => "roots",
            _ => null,
        };
        if (needed is null)
            return false;
        using var document = JsonDocument.Parse(capabilities.Json);
        return document.RootElement.TryGetProperty(needed, out _);
    }
}
