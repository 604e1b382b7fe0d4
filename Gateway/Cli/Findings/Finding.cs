namespace Cortex.Cli.Findings;

/// <summary>What one check found.</summary>
/// <param name="Check">Its name: <c>auth.expired</c>.</param>
/// <param name="Verdict">How grave it is.</param>
/// <param name="Message">What was seen, one sentence.</param>
/// <param name="Mend">What to do, one sentence; null when there is nothing to do.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Message, string? Mend);

/// <summary>How a check ended.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>It works, and could be better.</summary>
    Warn,

    /// <summary>The contract is broken.</summary>
    Fail,

    /// <summary>It could not be checked.</summary>
    Skip,
}
