namespace Cortex.Mcp.Wire;

/// <summary>A result before it takes the form of an era.</summary>
/// <param name="Members">The members of the result object, raw and without braces; empty for none.</param>
/// <param name="Meta">Members for the result's <c>_meta</c>, raw and without braces; empty for none.</param>
/// <param name="Caching">How long it may be kept, where modern clients are told; null for a result that is not cached.</param>
internal sealed record ResultContent(ReadOnlyMemory<byte> Members, ReadOnlyMemory<byte> Meta = default, CacheHint? Caching = null)
{
    /// <summary>True for a modern result that asks the client for input before there is an answer.</summary>
    public bool AsksForInput { get; init; }

    /// <summary>The empty result.</summary>
    public static ResultContent Empty { get; } = new(ReadOnlyMemory<byte>.Empty);
}

/// <summary>A modern result's caching hint.</summary>
/// <param name="TimeToLive">How long clients may reuse the result.</param>
/// <param name="IsPrivate">True when it depends on the caller.</param>
internal sealed record CacheHint(TimeSpan TimeToLive, bool IsPrivate);
