using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Relay;

/// <summary>
/// Digest of what a call is about: name or URI and arguments, whatever the order of their members. What belongs to one round alone (<c>_meta</c>,
/// <c>inputResponses</c>, <c>requestState</c>) does not count.
/// </summary>
internal static class ParameterDigest
{
    public static byte[] Of(McpMessage message)
    {
        try
        {
            return OfSorted(message);
        }
        catch (InvalidOperationException)
        {
            // A string holds half a character, which has no normal form: such arguments have to come back byte for byte.
            return SHA256.HashData([.. message.Raw(McpMembers.Name).Span, 0, .. message.Raw(McpMembers.Uri).Span, 0, .. message.Raw(McpMembers.Arguments).Span]);
        }
    }

    private static byte[] OfSorted(McpMessage message)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            json.WriteStringValue(message.Text(McpMembers.Name));
            json.WriteStringValue(message.Text(McpMembers.Uri));
            if (message.TryGet(McpMembers.Arguments, out var arguments))
            {
                using var document = JsonDocument.Parse(arguments.Value.Of(message.Body));
                Write(json, document.RootElement);
            }

            json.WriteEndArray();
        }

        return SHA256.HashData(text.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.EnumerateArray())
                    Write(json, element);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
