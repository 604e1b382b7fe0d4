namespace Cortex.Tests.Conformance;

/// <summary>What became of one scenario.</summary>
/// <param name="Name">The suite's name for it.</param>
/// <param name="IsScored">True when conformance to the revision requires it.</param>
/// <param name="Checks">Its checks, in order; empty when the scenario left no result.</param>
internal sealed record ScenarioResult(string Name, bool IsScored, IReadOnlyList<ConformanceCheck> Checks)
{
    public int Passed => Checks.Count(check => check.HasPassed);

    public int Failed => Checks.Count(check => check.HasFailed);

    /// <summary>True when nothing failed and something was checked.</summary>
    public bool HasPassed => Failed == 0 && Passed > 0;

    /// <summary>
    /// The ids of the checks that pass in this result and not in <paramref name="other"/>: there they fail more often, or neither pass nor merely
    /// inform. One that was skipped or not reached there counts as lost.
    /// </summary>
    public IReadOnlyList<string> LostIn(ScenarioResult other) =>
    [
        .. Checks.Where(check => check.HasPassed).Select(check => check.Id).Distinct()
            .Where(id => !other.Checks.Any(check => check.Id == id && (check.HasPassed || check.IsInformation)) || other.CountFailed(id) > CountFailed(id)),
    ];

    /// <summary>Why the check did not pass.</summary>
    public string Explain(string id)
    {
        var failed = Checks.FirstOrDefault(check => check.Id == id && check.HasFailed) ?? Checks.FirstOrDefault(check => check.Id == id);
        return failed is null ? "was not reached" : $"{failed.Status} {failed.Message}";
    }

    private int CountFailed(string id) => Checks.Count(check => check.Id == id && check.HasFailed);
}
