namespace Cortex.Tests.Docs.Blocks;

/// <summary>What a kind of block is held against.</summary>
internal interface IBlockRule
{
    /// <summary>True when blocks like this one are its own.</summary>
    bool Takes(DocsBlock block);

    /// <summary>What is wrong with it, each with what to do.</summary>
    IEnumerable<string> Faults(DocsBlock block);
}
