namespace Cortex.Foundation.Sealing;

/// <summary>
/// When a key of one purpose does what. It follows from the moments at which the keys were made alone, so that every replica comes to the same:
/// 1. a key is made, and published, once the newest one is as old as <see cref="Lifetime"/>;
/// 2. after <see cref="Announcement"/>, when everybody who caches the published keys has it, it takes over; the very first one does so at once;
/// 3. its predecessor still counts for <see cref="Overlap"/>, until all that it signed has ended, and is then removed.
/// </summary>
internal sealed record KeySchedule(TimeSpan Lifetime, TimeSpan Announcement, TimeSpan Overlap)
{
    public static readonly KeySchedule Default = new(TimeSpan.FromDays(90), TimeSpan.FromDays(1), TimeSpan.FromDays(15));

    /// <summary>True when the next key must be made.</summary>
    /// <param name="keys">The keys of one purpose, newest first; at least one.</param>
    /// <param name="now">The present.</param>
    public bool IsDue(IReadOnlyList<StoredKey> keys, DateTimeOffset now) => keys[0].CreatedAt + Lifetime <= now;

    /// <summary>The keys that count, the one that signs first and the others newest first.</summary>
    public IReadOnlyList<StoredKey> Arrange(IReadOnlyList<StoredKey> keys, DateTimeOffset now)
    {
        var counting = keys.Except(FindEnded(keys, now)).ToArray();
        var active = counting.FirstOrDefault(key => key.CreatedAt + Announcement <= now) ?? counting[^1];
        return [active, .. counting.Where(key => key != active)];
    }

    /// <summary>The keys that nothing depends on any more.</summary>
    public IReadOnlyList<StoredKey> FindEnded(IReadOnlyList<StoredKey> keys, DateTimeOffset now) =>
        [.. keys.Skip(1).Where((_, successor) => keys[successor].CreatedAt + Announcement + Overlap <= now)];
}

/// <summary>The schedule that counts now.</summary>
internal delegate KeySchedule CurrentKeySchedule();
