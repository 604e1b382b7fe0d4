namespace Cortex.Identity.Linking;

/// <summary>What asking a third-party server for its provider led to.</summary>
internal abstract record DiscoveryResult
{
    private DiscoveryResult()
    {
    }

    /// <summary>Its provider.</summary>
    public sealed record Found(LinkProvider Provider) : DiscoveryResult;

    /// <summary>There is none that may be used.</summary>
    /// <param name="Reason">One clause for a log or a page.</param>
    public sealed record Failed(string Reason) : DiscoveryResult;
}
