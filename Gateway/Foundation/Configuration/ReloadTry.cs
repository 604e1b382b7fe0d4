namespace Cortex.Foundation.Configuration;

/// <summary>One look at files that had changed, the start being the first.</summary>
/// <param name="At">When.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Changed">Root keys whose options changed by it; empty at the start.</param>
internal sealed record ReloadTry(DateTimeOffset At, ReloadOutcome Outcome, IReadOnlyList<string> Changed);

/// <summary>What came of a look at the files.</summary>
internal enum ReloadOutcome
{
    /// <summary>All of it runs.</summary>
    Accepted,

    /// <summary>It runs but for included files, and what was discovered, that have faults.</summary>
    Partial,

    /// <summary>The main file has faults: what ran before runs on.</summary>
    Rejected,
}
