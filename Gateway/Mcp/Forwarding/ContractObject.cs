using System.Text.Json;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>Takes the object that a contract backend returned for a prompt or a resource as an MCP result.</summary>
internal static class ContractObject
{
    /// <summary>The members of the result; null when the value is no object or lacks the array <paramref name="required"/>.</summary>
    public static ResultContent? TryRead(ReadOnlyMemory<byte> json, string required)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(required, out var array) || array.ValueKind != JsonValueKind.Array)
            return null;
        var members = Inner(root, name => name is not ("_meta" or "resultType" or "ttlMs" or "cacheScope"));
        var meta = root.TryGetProperty("_meta", out var value) && value.ValueKind == JsonValueKind.Object ? Inner(value, _ => true) : default;
        return new ResultContent(members, meta);
    }

    /// <summary>The members of an object, without its braces.</summary>
    private static ReadOnlyMemory<byte> Inner(JsonElement container, Func<string, bool> isKept)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in container.EnumerateObject().Where(member => isKept(member.Name)))
                member.WriteTo(json);
            json.WriteEndObject();
        }

        var whole = buffer.ToArray();
        return whole.AsMemory(1, whole.Length - 2);
    }
}
