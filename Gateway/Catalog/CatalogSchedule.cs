namespace Cortex.Catalog;

/// <summary>How often catalogs are read. Not configurable in YAML; tests shorten it.</summary>
internal sealed record CatalogSchedule
{
    /// <summary>Pause between two good refreshes, before jitter.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Least pause before a refresh on demand, so that no caller can make the gateway hammer a backend.</summary>
    public TimeSpan LeastPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Least pause before a refresh that the backend asked for by announcing a change; after <see cref="MostAnnounced"/> of them without a regular
    /// one in between it is <see cref="LeastPause"/> as well.
    /// </summary>
    public TimeSpan AnnouncedPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Refreshes that a backend may ask for between two regular ones before it has to wait.</summary>
    public int MostAnnounced { get; init; } = 20;

    /// <summary>Pause after the first failed refresh; it doubles up to <see cref="Interval"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(250);
}
