namespace Cortex.Identity.Linking;

/// <summary>What came of taking a linked account back.</summary>
internal abstract record UnlinkResult
{
    private UnlinkResult()
    {
    }

    /// <summary>The gateway has forgotten it.</summary>
    /// <param name="IsRevoked">True when the provider said that it has as well.</param>
    public sealed record Unlinked(bool IsRevoked) : UnlinkResult;

    /// <summary>There was none.</summary>
    public sealed record NothingLinked : UnlinkResult;
}
