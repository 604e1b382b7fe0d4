using System.Text.Json.Nodes;
using Cortex.Governance.Integrity.Definitions;

namespace Cortex.Governance.Integrity.Text;

/// <summary>Compares a name that was never approved with those that are: does it look like one, is it one of them under another name?</summary>
internal sealed class NameInspection
{
    private readonly IEnumerable<Definition> _approved;
    private readonly Lazy<ILookup<(DefinitionKind, string), Definition>> _bySkeleton;
    private readonly Lazy<Dictionary<string, Definition>> _missingByContent;

    /// <param name="approved">What is approved of the same backend.</param>
    /// <param name="offered">What is offered now: a name that is still there was not given away.</param>
    public NameInspection(IEnumerable<Definition> approved, IEnumerable<Definition> offered)
    {
        _approved = approved.Where(definition => definition.Key.Kind != DefinitionKind.Instructions);
        _bySkeleton = new(() => _approved.ToLookup(definition => (definition.Key.Kind, Skeleton.Of(definition.Key.Name))));
        _missingByContent = new(() =>
        {
            var present = offered.Select(definition => definition.Key).ToHashSet();
            return _approved.Where(definition => !present.Contains(definition.Key))
                .DistinctBy(ContentOf)
                .ToDictionary(ContentOf, StringComparer.Ordinal);
        });
    }

    public IEnumerable<Finding> Inspect(Definition definition)
    {
        if (definition.Problem is not null || definition.Key.Kind == DefinitionKind.Instructions)
            yield break;
        if (_bySkeleton.Value[(definition.Key.Kind, Skeleton.Of(definition.Key.Name))].FirstOrDefault() is { } twin)
            yield return new Finding(FindingCodes.LookAlike, PointerOf(definition.Key.Kind), $"it looks like the approved {twin.Key}");
        if (_missingByContent.Value.TryGetValue(ContentOf(definition), out var former))
            yield return new Finding(FindingCodes.Renamed, PointerOf(definition.Key.Kind), $"it is the approved {former.Key}, which is gone, under another name");
    }

    private static string PointerOf(DefinitionKind kind) => kind == DefinitionKind.Template ? "/definition/uriTemplate" : "/definition/name";

    /// <summary>The definition without what a renaming changes.</summary>
    private static string ContentOf(Definition definition)
    {
        var whole = JsonNode.Parse(definition.Json)!.AsObject();
        var content = whole["definition"]!.AsObject();
        content.Remove("name");
        content.Remove("title");
        content.Remove("uriTemplate");
        return whole.ToJsonString();
    }
}
