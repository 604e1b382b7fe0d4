using System.Text.Json.Nodes;

namespace Cortex.Governance.Integrity.Canonical;

/// <summary>
/// Orders the arrays of a JSON Schema that are sets: <c>required</c>, <c>type</c>, <c>enum</c> and the names of <c>dependentRequired</c>. Servers that keep
/// them in hash tables list them in another order at each start, and mean the same.
/// </summary>
internal static class SchemaSets
{
    private static readonly string[] Sets = ["required", "type", "enum"];

    /// <summary>Keywords whose value is data and no schema.</summary>
    private static readonly string[] Data = ["default", "const", "examples", "enum"];

    /// <summary>Keywords whose members are named by the author and are schemas.</summary>
    private static readonly string[] Named = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

    /// <summary>Orders the sets of <paramref name="schema"/> in place.</summary>
    public static void Order(JsonNode? schema)
    {
        switch (schema)
        {
            case JsonArray items:
                foreach (var item in items)
                    Order(item);
                break;
            case JsonObject keywords:
                foreach (var (keyword, value) in keywords.ToArray())
                    OrderKeyword(keywords, keyword, value);
                break;
        }
    }

    private static void OrderKeyword(JsonObject keywords, string keyword, JsonNode? value)
    {
        if (Sets.Contains(keyword) && value is JsonArray set)
            keywords[keyword] = Sorted(set);
        else if (keyword == "dependentRequired" && value is JsonObject dependencies)
            OrderMembers(dependencies);
        else if (Named.Contains(keyword) && value is JsonObject named)
            OrderNamed(named);
        else if (!Data.Contains(keyword))
            Order(value);
    }

    private static void OrderMembers(JsonObject dependencies)
    {
        foreach (var (name, value) in dependencies.ToArray())
        {
            if (value is JsonArray set)
                dependencies[name] = Sorted(set);
        }
    }

    private static void OrderNamed(JsonObject named)
    {
        foreach (var (_, schema) in named)
            Order(schema);
    }

    private static JsonArray Sorted(JsonArray set) => set.All(item => item is null or JsonValue)
        ? new JsonArray([.. set.Select(item => item?.DeepClone()).OrderBy(item => item?.ToJsonString() ?? "null", StringComparer.Ordinal)])
        : (JsonArray)set.DeepClone();
}
