namespace Cortex.Tests.Docs.Blocks;

/// <summary>What a program prints or a person reads: nothing to run, and so no commands.</summary>
internal sealed class TextBlock : IBlockRule
{
    public bool Takes(DocsBlock block) => block.Language == "text";

    public IEnumerable<string> Faults(DocsBlock block) => block.Text.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal))
        .Select(line => $"'{line}' is a command. Put it into a block of 'sh', without the prompt.");
}
