using Cortex.Governance.Integrity.Baselines;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Text;

namespace Cortex.Governance.Integrity;

/// <summary>Holds what a backend offers against what is approved. Pure.</summary>
internal static class Judge
{
    /// <param name="baseline">What is approved and refused.</param>
    /// <param name="offered">All that one list offers.</param>
    /// <param name="newTools">What becomes of a name that was never approved; with a finding it waits in any case.</param>
    public static IReadOnlyList<Verdict> Decide(BaselineState baseline, IReadOnlyList<Definition> offered, NewTools newTools)
    {
        var names = new NameInspection(baseline.Approved.Values, offered);
        var adopted = new Dictionary<DefinitionKey, Definition>();
        var verdicts = new List<Verdict>(offered.Count);
        foreach (var definition in offered)
        {
            var verdict = Decide(baseline, definition, adopted.GetValueOrDefault(definition.Key), names, newTools);
            if (verdict.Standing == Standing.Adopted)
                adopted[definition.Key] = definition;
            verdicts.Add(verdict);
        }

        return verdicts;
    }

    private static Verdict Decide(BaselineState baseline, Definition definition, Definition? adopted, NameInspection names, NewTools newTools)
    {
        var approved = baseline.Approved.GetValueOrDefault(definition.Key) ?? adopted;
        if (definition.IsSilence)
            return new Verdict(definition, approved is null && newTools == NewTools.Allow ? Standing.Adopted : Standing.Approved, approved, []);
        if (approved?.Fingerprint == definition.Fingerprint)
            return new Verdict(definition, Standing.Approved, approved, []);
        Finding[] findings = [.. DefinitionInspection.Inspect(definition), .. approved is null ? names.Inspect(definition) : []];
        if (baseline.IsRejected(definition))
            return new Verdict(definition, Standing.Rejected, approved, findings);
        if (approved is not null)
            return new Verdict(definition, Standing.Changed, approved, findings);
        return new Verdict(definition, newTools == NewTools.Allow && findings.Length == 0 ? Standing.Adopted : Standing.New, null, findings);
    }
}
