namespace Cortex.Foundation.Storage;

/// <summary>The limits that both kinds of shared state hold their callers to.</summary>
internal static class SharedStateArguments
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    /// <exception cref="ArgumentOutOfRangeException">A lifetime under a millisecond or over ten years.</exception>
    public static TimeSpan Lifetime(TimeSpan lifetime) => lifetime >= Shortest && lifetime <= Longest
        ? lifetime
        : throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A key lives for between 1 ms and 10 years.");
}
