namespace Cortex.Governance.Integrity.Definitions;

/// <summary>What a definition is called within its backend: the kind, and the backend's own name or URI template.</summary>
internal readonly record struct DefinitionKey(DefinitionKind Kind, string Name)
{
    public override string ToString() => Kind == DefinitionKind.Instructions ? "the instructions" : $"{Kind.Word()} '{Name}'";
}
