namespace Cortex.Tests.Docs.Blocks;

/// <summary>The rules of all kinds of blocks; the first that takes a block holds.</summary>
internal static class BlockRules
{
    private static readonly IBlockRule[] All =
    [
        new ChartValuesBlock(), new WorkflowBlock(), new KubernetesBlock(), new ClientSettingsBlock(), new ConfigurationBlock(), new JsonBlock(), new ShellBlock(),
        new HttpBlock(), new MermaidBlock(), new TextBlock(),
    ];

    public static IReadOnlyList<string> FaultsOf(DocsBlock block) => All.FirstOrDefault(rule => rule.Takes(block)) is { } rule
        ? [.. rule.Faults(block).Select(fault => $"{block}: {fault}")]
        : [$"{block}: there is no rule for a block of '{block.Language}'. Use yaml, json, sh, http, mermaid or text, or write a rule beside the others in Gateway.Tests/Docs/Blocks."];
}
