using System.Diagnostics.CodeAnalysis;

namespace Cortex.Governance.Integrity.Definitions;

/// <summary>
/// What is held against the baseline. Resources with an address of their own are not: their list is data that comes and goes, as what is read from
/// them is, while these four are what a server tells models to do.
/// </summary>
internal enum DefinitionKind
{
    Tool,
    Prompt,

    /// <summary>A URI template of resources.</summary>
    Template,

    /// <summary>What the server says about itself when it is connected; it has no name.</summary>
    Instructions,
}

/// <summary>The words for <see cref="DefinitionKind"/> in documents, tables and the operator API.</summary>
internal static class DefinitionKindWords
{
    public static string Word(this DefinitionKind kind) => kind switch
    {
        DefinitionKind.Tool => "tool",
        DefinitionKind.Prompt => "prompt",
        DefinitionKind.Template => "template",
        _ => "instructions",
    };

    public static bool TryParse(string? word, [NotNullWhen(true)] out DefinitionKind? kind)
    {
        kind = word switch
        {
            "tool" => DefinitionKind.Tool,
            "prompt" => DefinitionKind.Prompt,
            "template" => DefinitionKind.Template,
            "instructions" => DefinitionKind.Instructions,
            _ => null,
        };
        return kind is not null;
    }
}
