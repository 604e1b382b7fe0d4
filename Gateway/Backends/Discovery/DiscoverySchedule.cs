namespace Cortex.Backends.Discovery;

/// <summary>How patient discovery is. Not configurable in YAML; tests shorten it.</summary>
internal sealed record DiscoverySchedule
{
    /// <summary>Longest wait for a list of Services, also at the start, which goes on without it then.</summary>
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause after the first failed attempt; it doubles up to <see cref="LongestRetry"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest pause between two attempts.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the API server is asked to keep a watch open.</summary>
    public TimeSpan WatchDuration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long changes are collected before the configuration takes them up in one.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(250);
}
