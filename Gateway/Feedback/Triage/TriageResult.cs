namespace Cortex.Feedback.Triage;

/// <summary>What became of an operator's change.</summary>
internal abstract record TriageResult
{
    private TriageResult()
    {
    }

    /// <summary>Done; the need as it is now (for a split, the new one).</summary>
    internal sealed record Done(NeedView Need) : TriageResult;

    /// <summary>There is no such need.</summary>
    internal sealed record NotFound(NeedId Id) : TriageResult;

    /// <summary>It can't be done; <paramref name="Problem"/> says why and what to do.</summary>
    internal sealed record Invalid(string Problem) : TriageResult;
}
