namespace Cortex.Foundation.Configuration;

/// <summary><c>gateway.streams:</c>: event streams at <c>/mcp</c>.</summary>
internal sealed class StreamOptions
{
    /// <summary>Silence after which a stream is given a comment, so that no proxy on the way takes it for dead.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest that one write may wait for a client that does not read; then the client is dropped.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the events of a call are kept for a legacy client that lost its connection.</summary>
    public TimeSpan ResumeWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most calls of one owner whose events are kept at the same time, over all replicas. Further ones get no event ids, so that they can't be resumed. 0 keeps none.</summary>
    public int KeptPerOwner { get; init; } = 100;

    /// <summary>How long clients are told to wait before they reconnect.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
