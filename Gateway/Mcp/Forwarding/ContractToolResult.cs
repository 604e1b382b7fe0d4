using System.Text.Json;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// A contract backend's reply that is a whole tool result: <c>{"content": [...], "structuredContent"?: {...}, "isError"?: true, "_meta"?: {...}}</c>. It must be one
/// beyond doubt, for an app's own value may have a member <c>content</c> too: every entry is a complete content block, and there is no other member.
/// </summary>
/// <param name="Content">The result as it goes on.</param>
/// <param name="IsError">The tool says that it failed.</param>
internal sealed record ContractToolResult(ResultContent Content, bool IsError)
{
    /// <summary>True for a whole tool result; costs no more than the first member that is none of its own.</summary>
    public static bool Is(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        var seen = Members.None;
        var blocks = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberAt(ref reader);
            reader.Read();
            if (member == Members.None || (seen & member) != 0 || !Fits(ref reader, member, ref blocks))
                return false;
            seen |= member;
        }

        return (seen & Members.Content) != 0 && (blocks > 0 || (seen & (Members.StructuredContent | Members.IsError)) != 0);
    }

    /// <summary>Reads what <see cref="Is"/> holds for.</summary>
    public static ContractToolResult Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        var root = document.RootElement;
        var isError = root.TryGetProperty("isError", out var value) && value.ValueKind == JsonValueKind.True;
        return new ContractToolResult(ContractObject.TryRead(json, "content")!, isError);
    }

    private static Members MemberAt(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) ? Members.Content
        : reader.ValueTextEquals("structuredContent"u8) ? Members.StructuredContent
        : reader.ValueTextEquals("isError"u8) ? Members.IsError
        : reader.ValueTextEquals("_meta"u8) ? Members.Meta
        : Members.None;

    private static bool Fits(ref Utf8JsonReader reader, Members member, ref int blocks)
    {
        switch (member)
        {
            case Members.IsError:
                return reader.TokenType is JsonTokenType.True or JsonTokenType.False;
            case Members.Content when reader.TokenType == JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (!ContentBlock.TrySkip(ref reader))
                        return false;
                    blocks++;
                }

                return true;
            case Members.StructuredContent or Members.Meta when reader.TokenType == JsonTokenType.StartObject:
                reader.Skip();
                return true;
            default:
                return false;
        }
    }

    [Flags]
    private enum Members
    {
        None = 0,
        Content = 1,
        StructuredContent = 2,
        IsError = 4,
        Meta = 8,
    }
}
