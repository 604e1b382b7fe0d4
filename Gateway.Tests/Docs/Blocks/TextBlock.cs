using Cortex.Tests.Docs.Commands;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>What a program prints or a person reads, <c>text</c> or without a word behind the fence: nothing to run, and so no commands.</summary>
internal sealed class TextBlock : IBlockRule
{
    public bool Takes(DocsBlock block) => block.Language is "text" or "";

    public IEnumerable<string> Faults(DocsBlock block) => block.Text.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal) || CommandRules.Hold(line.Split(' ')[0]))
        .Select(line => $"'{line}' is a command. Put it into a block of 'sh', without a prompt.");
}
