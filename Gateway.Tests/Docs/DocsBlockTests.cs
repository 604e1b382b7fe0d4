using Cortex.Tests.Docs.Blocks;
using NUnit.Framework;

namespace Cortex.Tests.Docs;

/// <summary>What the documentation shows is true: each block is run or held against what would read it.</summary>
internal sealed class DocsBlockTests
{
    private static IEnumerable<TestCaseData> Shown => DocsPages.Blocks.Select(block => new TestCaseData(block).SetName($"{{m}}({block.Page}, {block.Line})"));

    [TestCaseSource(nameof(Shown))]
    public void Block_would_be_taken_by_what_reads_it(DocsBlock block) => Assert.That(BlockRules.FaultsOf(block), Is.Empty);
}
