namespace Cortex.Governance.Limits;

/// <summary>Whether something is within its limits.</summary>
internal abstract record LimitDecision
{
    private LimitDecision()
    {
    }

    /// <summary>The one instance of <see cref="Within"/>.</summary>
    public static LimitDecision Allowed { get; } = new Within();

    /// <summary>Go on.</summary>
    internal sealed record Within : LimitDecision;

    /// <summary>Too many.</summary>
    /// <param name="Limit">Name of the limit.</param>
    /// <param name="RetryAfter">When the next one is let through, if nobody else takes it.</param>
    internal sealed record Refused(string Limit, TimeSpan RetryAfter) : LimitDecision
    {
        /// <summary>Value of <c>Retry-After</c>: whole seconds, at least one.</summary>
        public long RetryAfterSeconds => Math.Max(1, (long)Math.Ceiling(RetryAfter.TotalSeconds));
    }
}
