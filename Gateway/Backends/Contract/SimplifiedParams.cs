using System.Text.Json;

namespace Cortex.Backends.Contract;

/// <summary>Turns the contract's short form, <c>{"query": "string", "limit": "number?"}</c>, into a JSON Schema.</summary>
internal static class SimplifiedParams
{
    /// <summary>Writes the schema object; null means a tool without parameters.</summary>
    /// <exception cref="FormatException">A parameter has an unknown type; the message lists the known ones.</exception>
    public static void WriteSchema(Utf8JsonWriter json, string tool, JsonElement? parameters)
    {
        if (parameters is { ValueKind: not JsonValueKind.Object })
            throw new FormatException($"Tool '{tool}': params is not an object.");
        var entries = parameters?.EnumerateObject().Select(member => Read(tool, member)).ToArray() ?? [];
        json.WriteStartObject();
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var (name, type, isArray, _) in entries)
        {
            json.WriteStartObject(name);
            json.WriteString("type", isArray ? "array" : type);
            if (isArray)
            {
                json.WriteStartObject("items");
                json.WriteString("type", type);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (entries.Any(entry => !entry.IsOptional))
        {
            json.WriteStartArray("required");
            foreach (var entry in entries.Where(entry => !entry.IsOptional))
                json.WriteStringValue(entry.Name);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static (string Name, string Type, bool IsArray, bool IsOptional) Read(string tool, JsonProperty member)
    {
        var text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
        var isOptional = text.EndsWith('?');
        var type = isOptional ? text[..^1] : text;
        var isArray = type.EndsWith("[]", StringComparison.Ordinal);
        type = isArray ? type[..^2] : type;
        if (type is not ("string" or "number" or "boolean"))
        {
            throw new FormatException(
                $"Tool '{tool}': parameter '{member.Name}' has the unknown type '{text}'; use string, number, boolean, one of these with [], and ? for optional, or give an inputSchema.");
        }

        return (member.Name, type, isArray, isOptional);
    }
}
