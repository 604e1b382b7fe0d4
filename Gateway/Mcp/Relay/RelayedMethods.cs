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
        if (CapabilityOf(request.Method) is not { } needed)
            return McpError.MethodNotFound;
        using var document = JsonDocument.Parse(capabilities.Json);
        if (!document.RootElement.TryGetProperty(needed, out var declared))
            return McpError.MethodNotFound;
        return Takes(needed, declared, request.Mode, request.OffersTools) ? null : McpError.InvalidParams;
    }

    /// <summary>
    /// The capability that a modern server's request for input needs and the client did not declare, as the object to declare: <c>{"elicitation":{"url":{}}}</c>. Null when the
    /// client takes the request. A method that no capability stands for needs <c>{}</c>: no client takes it.
    /// </summary>
    /// <param name="request">One member of <c>inputRequests</c>: method and params.</param>
    /// <param name="capabilities">What the client declared.</param>
    public static string? FindUndeclared(JsonElement request, ClientCapabilities capabilities)
    {
        var method = request.ValueKind == JsonValueKind.Object ? TextOf(request, "method") : null;
        if (method is null || CapabilityOf(method) is not { } needed)
            return "{}";
        var parameters = request.TryGetProperty("params", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        var hasParameters = parameters.ValueKind == JsonValueKind.Object;
        var mode = hasParameters && parameters.TryGetProperty("mode", out var written) ? written.GetRawText() : "";
        var offersTools = hasParameters && (parameters.TryGetProperty("tools", out _) || parameters.TryGetProperty("toolChoice", out _));
        using var document = JsonDocument.Parse(capabilities.Json);
        if (document.RootElement.TryGetProperty(needed, out var declared) && Takes(needed, declared, System.Text.Encoding.UTF8.GetBytes(mode), offersTools))
            return null;
        return (needed, mode, offersTools) switch
        {
            ("elicitation", "\"url\"", _) => """{"elicitation":{"url":{}}}""",
            ("elicitation", _, _) => """{"elicitation":{"form":{}}}""",
            ("sampling", _, true) => """{"sampling":{"tools":{}}}""",
            _ => $$$"""{"{{{needed}}}":{}}""",
        };
    }

    private static string? CapabilityOf(string method) => method switch
    {
        "elicitation/create" => "elicitation",
        "sampling/createMessage" => "sampling",
        "roots/list" => "roots",
        _ => null,
    };

    private static bool Takes(string needed, JsonElement declared, ReadOnlySpan<byte> mode, bool offersTools) => needed switch
    {
        "elicitation" => TakesMode(mode, declared),
        "sampling" => !offersTools || declared.TryGetProperty("tools", out _),
        _ => true,
    };

    /// <summary>No mode means a form, and so does a client's empty object.</summary>
    private static bool TakesMode(ReadOnlySpan<byte> mode, JsonElement declared)
    {
        if (mode.IsEmpty || JsonText.IsSame(mode, "\"form\""u8))
            return declared.TryGetProperty("form", out _) || !declared.TryGetProperty("url", out _);
        return JsonText.IsSame(mode, "\"url\""u8) && declared.TryGetProperty("url", out _);
    }

    private static string? TextOf(JsonElement value, string member) =>
        value.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
