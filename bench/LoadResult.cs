using System.Diagnostics;

namespace Cortex.Bench;

/// <summary>What a load came to.</summary>
/// <param name="Ticks">How long each request took, the quickest first.</param>
/// <param name="Failures">Requests that were answered with another status than 200.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record LoadResult(long[] Ticks, int Failures, TimeSpan Elapsed)
{
    /// <summary>Requests answered.</summary>
    public int Requests => Ticks.Length;

    public double PerSecond => Requests / Elapsed.TotalSeconds;

    /// <summary>Half of the requests took no longer.</summary>
    public TimeSpan Median => At(0.50);

    /// <summary>Ninety-nine in a hundred took no longer.</summary>
    public TimeSpan P99 => At(0.99);

    /// <summary>Several loads as if they were one.</summary>
    public static LoadResult Of(IReadOnlyCollection<LoadResult> parts) => new(
        [.. parts.SelectMany(part => part.Ticks).Order()],
        parts.Sum(part => part.Failures),
        parts.Aggregate(TimeSpan.Zero, (sum, part) => sum + part.Elapsed));

    private TimeSpan At(double quantile) => Ticks.Length == 0 ? default : Stopwatch.GetElapsedTime(0, Ticks[(int)((Ticks.Length - 1) * quantile)]);
}
