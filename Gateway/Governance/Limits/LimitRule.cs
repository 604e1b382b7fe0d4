using Cortex.Foundation.Model;

namespace Cortex.Governance.Limits;

/// <summary>A limit: so many in each window, refilled evenly, and so many at once.</summary>
/// <param name="Name">Stable dotted name, for metrics, records and keys: <c>requests.caller</c>.</param>
/// <param name="Count">How many a window refills; off for no limit.</param>
/// <param name="Window">Time in which an empty bucket of <paramref name="Count"/> is full again.</param>
/// <param name="Burst">How many may come at once.</param>
internal readonly record struct LimitRule(string Name, Allowance Count, TimeSpan Window, int Burst)
{
    /// <summary>So many at once and in each window.</summary>
    public static LimitRule Per(string name, Allowance count, TimeSpan window) => new(name, count, window, count.Count);

    public bool IsOff => Count.IsOff;

    /// <summary>Ticks in which one token comes back.</summary>
    public long Cost => Math.Max(1, Window.Ticks / Count.Count);

    /// <summary>Ticks in which an empty bucket is full again.</summary>
    public long Depth => Cost * Math.Max(1, Burst);

    /// <summary>How many a replica draws at once.</summary>
    public int Share => (int)Math.Max(1, Math.Min(Burst / 20, TimeSpan.TicksPerSecond / Cost));
}
