namespace Cortex.Governance.Limits;

/// <summary>The arithmetic of a bucket, whose whole state is the moment at which it will be full again. Pure.</summary>
internal static class TokenBucket
{
    /// <summary>Draws up to <paramref name="most"/> tokens.</summary>
    /// <param name="rule">The limit; not off.</param>
    /// <param name="fullAt">When the bucket will be full, in ticks; null or past: it is.</param>
    /// <param name="now">This moment, in ticks.</param>
    /// <param name="most">How many are wanted; at least 1.</param>
    public static BucketDraw Draw(LimitRule rule, long? fullAt, long now, int most)
    {
        var start = Math.Max(fullAt ?? now, now);
        var room = now + rule.Depth - start;
        if (room < rule.Cost)
            return new BucketDraw.Empty(TimeSpan.FromTicks(rule.Cost - room));
        var count = (int)Math.Min(room / rule.Cost, most);
        return new BucketDraw.Drawn(count, start + (count * rule.Cost));
    }
}

/// <summary>What a bucket gave.</summary>
internal abstract record BucketDraw
{
    private BucketDraw()
    {
    }

    /// <summary>Some tokens.</summary>
    internal sealed record Drawn(int Count, long FullAt) : BucketDraw;

    /// <summary>None; the next one is there after <paramref name="Wait"/>.</summary>
    internal sealed record Empty(TimeSpan Wait) : BucketDraw;
}
