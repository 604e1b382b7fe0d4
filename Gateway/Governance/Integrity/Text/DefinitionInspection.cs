using System.Text.Json;
using Cortex.Governance.Integrity.Definitions;

namespace Cortex.Governance.Integrity.Text;

/// <summary>Looks through every text of a definition, names of members included. Pure.</summary>
internal static class DefinitionInspection
{
    private const int MaxFindings = 20;

    public static IReadOnlyList<Finding> Inspect(Definition definition)
    {
        if (definition.Problem is { } problem)
            return [new Finding(FindingCodes.Malformed, null, problem)];
        using var document = JsonDocument.Parse(definition.Json);
        return [.. Look(document.RootElement, "").Take(MaxFindings)];
    }

    private static IEnumerable<Finding> Look(JsonElement value, string pointer) => value.ValueKind switch
    {
        JsonValueKind.String => LookAt(value.GetString()!, pointer),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, at) => Look(item, $"{pointer}/{at}")),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member =>
            LookAt(member.Name, $"{pointer}/{JsonPointer.Escape(member.Name)}").Concat(Look(member.Value, $"{pointer}/{JsonPointer.Escape(member.Name)}"))),
        _ => [],
    };

    private static IEnumerable<Finding> LookAt(string text, string pointer) => SuspiciousCharacters.Find(text, pointer).Concat(MixedScripts.Find(text, pointer));
}
