namespace Cortex.Catalog;

/// <summary>How often catalogs are read. Not configurable in YAML; tests shorten it.</summary>
internal sealed record CatalogSchedule
{
    /// <summary>Pause between two good refreshes, before jitter.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Least pause before a refresh on demand, so that no caller can make the gateway hammer a backend.</summary>
    public TimeSpan LeastPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause after the first failed refresh; it doubles up to <see cref="Interval"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(250);
}
