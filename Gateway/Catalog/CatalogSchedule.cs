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

    /// <summary>How long a replica that starts waits for a backend before it takes traffic without it; the attempt goes on.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause after the first failed refresh; it doubles up to <see cref="Interval"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a person's own catalog is kept where the server does not say.</summary>
    public TimeSpan PersonalLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a person's first list waits for catalogs of their own, all of them together.</summary>
    public TimeSpan PersonalPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the catalogs of persons with open streams are looked after.</summary>
    public TimeSpan PersonalRound { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Persons whose catalogs are kept at a replica; of more, those who have not asked for longest are forgotten.</summary>
    public int MaxPersons { get; init; } = 10_000;

    /// <summary>Most bytes of persons' own items that are kept at a replica, before the same happens.</summary>
    public long MaxPersonalBytes { get; init; } = 256L * 1024 * 1024;
}
