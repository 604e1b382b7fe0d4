using System.Text.Json;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Docs;

/// <summary>The keys that a JSON Schema knows.</summary>
internal sealed class SchemaKeys(JsonElement root)
{
    /// <summary>Keys of the gateway's configuration.</summary>
    public static SchemaKeys Configuration { get; } = Read("config", "cortex.schema.json");

    /// <summary>Values of the Helm chart.</summary>
    public static SchemaKeys Chart { get; } = Read("charts", "cortex", "values.schema.json");

    /// <summary>True when the first of these keys is one of its roots.</summary>
    public bool HasRoot(string key) => root.GetProperty("properties").TryGetProperty(key, out _);

    /// <summary>True when a value may stand at this path; entries of lists are passed through.</summary>
    public bool Contains(IReadOnlyList<string> path) => Contains(root, path, 0);

    private bool Contains(JsonElement schema, IReadOnlyList<string> path, int at)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return schema.ValueKind == JsonValueKind.True;
        if (at == path.Count)
            return true;
        if (schema.TryGetProperty("$ref", out var reference))
            return Contains(Resolve(reference.GetString()!), path, at);
        if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(path[at], out var property) && Contains(property, path, at + 1))
            return true;
        if (schema.TryGetProperty("items", out var items) && Contains(items, path, at))
            return true;
        if (new[] { "anyOf", "oneOf", "allOf" }.Any(word => schema.TryGetProperty(word, out var choices) && choices.EnumerateArray().Any(choice => Contains(choice, path, at))))
            return true;
        if (schema.TryGetProperty("additionalProperties", out var others))
            return Contains(others, path, at + 1);
        return IsObject(schema) && !schema.TryGetProperty("properties", out _);
    }

    private static bool IsObject(JsonElement schema) => schema.TryGetProperty("type", out var type)
        && (type.ValueKind == JsonValueKind.String ? type.GetString() == "object" : type.EnumerateArray().Any(one => one.GetString() == "object"));

    private JsonElement Resolve(string reference) => reference.TrimStart('#', '/').Split('/').Aggregate(root, (found, key) => found.GetProperty(key));

    private static SchemaKeys Read(params string[] path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(path)));
        return new SchemaKeys(document.RootElement.Clone());
    }
}
