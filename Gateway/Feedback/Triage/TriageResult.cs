namespace Cortex.Feedback.Triage;

/// <summary>What became of an operator's change.</summary>
internal abstract record TriageResult
{
    private TriageResult()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Need">The need as it is now: for a merge the one that took the tickets, for a split the new one.</param>
    /// <param name="Before">What the change was about, before it; null where there was nothing.</param>
    /// <param name="After">The same after the change.</param>
    internal sealed record Done(NeedView Need, NeedFacts? Before, NeedFacts? After) : TriageResult;

    /// <summary>There is no such need.</summary>
    internal sealed record NotFound(NeedId Id) : TriageResult;

    /// <summary>It can't be done; <paramref name="Problem"/> says why and what to do.</summary>
    internal sealed record Invalid(string Problem) : TriageResult;
}
