using Cortex.Catalog;

namespace Cortex.Tests.Catalog.Personal;

/// <summary>Schedules under which tests do not depend on speed.</summary>
internal static class PersonalSchedule
{
    /// <summary>A first list waits for as long as it takes.</summary>
    public static CatalogSchedule Patient { get; } = new() { FirstRetry = TimeSpan.FromMilliseconds(50), PersonalPatience = TimeSpan.FromSeconds(30), PersonalRound = TimeSpan.FromMilliseconds(100) };
}
