using Cortex.Foundation.Model;

namespace Cortex.Governance.Integrity;

/// <summary>Why an item is in no list and can't be used.</summary>
/// <param name="Standing">How it stands to the baseline; null when there is no baseline that can be trusted.</param>
/// <param name="ApprovedScope">The scope of what is approved under its name; null when there is none.</param>
internal sealed record Withholding(Standing? Standing, Scope? ApprovedScope)
{
    /// <summary>What an agent is told that uses it all the same.</summary>
    /// <param name="what">The item, as in <c>Tool 'notes_read'</c>.</param>
    public string Explain(string what) => Standing switch
    {
        Integrity.Standing.Changed => $"{what} is quarantined: its definition has changed since it was approved, and an operator must review it first. Do not try again; use another tool, or tell the person you work for.",
        Integrity.Standing.Rejected => $"{what} is quarantined: an operator rejected its definition. Do not try again; use another tool, or tell the person you work for.",
        Integrity.Standing.New => $"{what} is quarantined: it is new, and an operator must approve it first. Do not try again; use another tool, or tell the person you work for.",
        _ => $"{what} is quarantined: what was approved can't be verified, so that nothing of its backend is served. Do not try again; tell the person you work for that an operator must look at it.",
    };
}
