using System.Text.Json;

namespace Cortex.Backends.Contract;

/// <summary>
/// What clients insist on in the optional members of a tool: many refuse a whole list for one member of the wrong type. A null is as good as nothing, since
/// serializers write it.
/// </summary>
internal static class ToolMembers
{
    private static readonly (string Name, JsonValueKind Kind, string Words)[] Kinds =
    [
        ("title", JsonValueKind.String, "a string"),
        ("inputSchema", JsonValueKind.Object, "an object"),
        ("outputSchema", JsonValueKind.Object, "an object"),
        ("annotations", JsonValueKind.Object, "an object"),
        ("icons", JsonValueKind.Array, "an array"),
    ];

    private static readonly string[] Hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"];

    /// <exception cref="FormatException">A member has the wrong type; the message says which.</exception>
    public static void Check(string tool, JsonElement entry)
    {
        foreach (var (name, kind, words) in Kinds)
        {
            if (TryGet(entry, name, out var value) && value.ValueKind != kind)
                throw new FormatException($"Tool '{tool}': {name} is not {words}.");
        }

        if (TryGet(entry, "annotations", out var annotations))
            CheckAnnotations(tool, annotations);
        if (TryGet(entry, "icons", out var icons) && icons.EnumerateArray().Any(icon => !HasText(icon, "src")))
            throw new FormatException($"Tool '{tool}': an icon has no src; write {{\"src\": \"https://…\"}}.");
    }

    /// <summary>True when the member is there and not null.</summary>
    public static bool TryGet(JsonElement entry, string name, out JsonElement value) =>
        entry.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>True for a null in the place of a member whose type clients check.</summary>
    public static bool IsNothing(JsonProperty member) => member.Value.ValueKind == JsonValueKind.Null && Kinds.Any(kind => kind.Name == member.Name);

    /// <summary>Writes the schema of an object; <c>type: object</c> is added where it is left out, since clients ask for it.</summary>
    /// <exception cref="FormatException">It is the schema of something else.</exception>
    public static void WriteSchema(Utf8JsonWriter json, string tool, string name, JsonElement schema)
    {
        json.WritePropertyName(name);
        if (schema.TryGetProperty("type", out var type))
        {
            if (type.ValueKind != JsonValueKind.String || !type.ValueEquals("object"u8))
                throw new FormatException($"Tool '{tool}': {name} is the schema of something that is not an object; write \"type\": \"object\".");
            schema.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "object"u8);
        foreach (var member in schema.EnumerateObject())
            member.WriteTo(json);
        json.WriteEndObject();
    }

    private static void CheckAnnotations(string tool, JsonElement annotations)
    {
        if (annotations.TryGetProperty("title", out var title) && title.ValueKind != JsonValueKind.String)
            throw new FormatException($"Tool '{tool}': annotations.title is not a string.");
        foreach (var hint in Hints)
        {
            if (annotations.TryGetProperty(hint, out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                throw new FormatException($"Tool '{tool}': annotations.{hint} is neither true nor false.");
        }
    }

    private static bool HasText(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String;
}
