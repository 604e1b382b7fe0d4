using System.Text.Json;

namespace Cortex.Mcp.Forwarding;

/// <summary>One block of a tool result's content: <c>text</c>, <c>image</c>, <c>audio</c>, <c>resource_link</c> or <c>resource</c>, with all that its type requires.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result"/></remarks>
internal static class ContentBlock
{
    /// <summary>Goes past the value at <paramref name="reader"/>; false when it is no complete block.</summary>
    public static bool TrySkip(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        using var document = JsonDocument.ParseValue(ref reader);
        var block = document.RootElement;
        if (!HasText(block, "type", out var type))
            return false;
        if (type.ValueEquals("text"u8))
            return HasText(block, "text", out _);
        if (type.ValueEquals("image"u8) || type.ValueEquals("audio"u8))
            return HasText(block, "data", out _) && HasText(block, "mimeType", out _);
        if (type.ValueEquals("resource_link"u8))
            return HasText(block, "uri", out _) && HasText(block, "name", out _);
        return type.ValueEquals("resource"u8) && block.TryGetProperty("resource", out var resource) && resource.ValueKind == JsonValueKind.Object
            && HasText(resource, "uri", out _) && (HasText(resource, "text", out _) || HasText(resource, "blob", out _));
    }

    private static bool HasText(JsonElement block, string name, out JsonElement text) =>
        block.TryGetProperty(name, out text) && text.ValueKind == JsonValueKind.String;
}
