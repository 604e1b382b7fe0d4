using System.Text.Json;

namespace Cortex.Governance.Integrity.Definitions;

/// <summary>One place in which two definitions differ.</summary>
/// <param name="Pointer">Where: a JSON pointer into the canonical form, <c>/definition/description</c>.</param>
/// <param name="Old">What was approved; null when there was nothing.</param>
/// <param name="New">What is offered; null when it is gone.</param>
internal sealed record JsonDifference(string Pointer, JsonElement? Old, JsonElement? New)
{
    /// <summary>The places in which <paramref name="after"/> differs from <paramref name="before"/>, each as deep as it goes.</summary>
    public static IReadOnlyList<JsonDifference> Between(string before, string after) =>
        [.. Between("", before.Length == 0 ? null : JsonElement.Parse(before), after.Length == 0 ? null : JsonElement.Parse(after))];

    private static IEnumerable<JsonDifference> Between(string pointer, JsonElement? before, JsonElement? after) => (before, after) switch
    {
        ({ ValueKind: JsonValueKind.Object } old, { ValueKind: JsonValueKind.Object } now) => NamesOf(old, now)
            .SelectMany(name => Between($"{pointer}/{JsonPointer.Escape(name)}", Member(old, name), Member(now, name))),
        ({ ValueKind: JsonValueKind.Array } old, { ValueKind: JsonValueKind.Array } now) => Enumerable.Range(0, Math.Max(old.GetArrayLength(), now.GetArrayLength()))
            .SelectMany(at => Between($"{pointer}/{at}", Item(old, at), Item(now, at))),
        ({ } old, { } now) when JsonElement.DeepEquals(old, now) => [],
        (null, null) => [],
        _ => [new JsonDifference(pointer, before, after)],
    };

    private static IEnumerable<string> NamesOf(JsonElement old, JsonElement now) =>
        old.EnumerateObject().Concat(now.EnumerateObject()).Select(member => member.Name).Distinct().Order(StringComparer.Ordinal);

    private static JsonElement? Member(JsonElement value, string name) => value.TryGetProperty(name, out var member) ? member : null;

    private static JsonElement? Item(JsonElement array, int at) => at < array.GetArrayLength() ? array[at] : null;
}
