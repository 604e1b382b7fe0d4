using System.Text.Json;

namespace Cortex.Foundation.Model;

/// <summary>Names of the groups a person is in: sorted, without repeats, equal when they name the same. The default is the empty set.</summary>
internal readonly record struct GroupSet
{
    private readonly string? _json;

    private GroupSet(string? json) => _json = json;

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => _json is null ? [] : JsonSerializer.Deserialize<string[]>(_json)!;

    public static GroupSet Of(IEnumerable<string> names)
    {
        string[] sorted = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sorted.Length == 0 ? default : new GroupSet(JsonSerializer.Serialize(sorted));
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static GroupSet FromJson(string? json) => new(json);

    /// <summary>A JSON array; null when there is no group.</summary>
    public string? ToJson() => _json;

    public override string ToString() => _json ?? "[]";
}
