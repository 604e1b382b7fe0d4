using System.Text;

namespace Cortex.Tests.Conformance;

/// <summary>One run of the suite: every scenario of a revision's list.</summary>
internal sealed record ConformanceReport(string Revision, IReadOnlyList<ScenarioResult> Scenarios)
{
    public ScenarioResult this[string name] => Scenarios.Single(scenario => scenario.Name == name);

    /// <summary>Scored scenarios with a failed check, or without any result.</summary>
    public IEnumerable<ScenarioResult> ScoredFailures => Scenarios.Where(scenario => scenario.IsScored && !scenario.HasPassed);

    /// <summary>Passed and failed checks of scored and unscored scenarios, and what failed.</summary>
    public string Describe(string title)
    {
        var text = new StringBuilder();
        text.AppendLine($"{title}, {Revision}");
        foreach (var group in Scenarios.GroupBy(scenario => scenario.IsScored).OrderByDescending(group => group.Key))
        {
            var label = group.Key ? "scored" : "unscored";
            text.AppendLine($"  {label,-9} {group.Count(scenario => scenario.HasPassed),3} of {group.Count(),2} scenarios passed; "
                + $"checks: {group.Sum(scenario => scenario.Passed),3} passed, {group.Sum(scenario => scenario.Failed),3} failed");
            foreach (var scenario in group.Where(scenario => !scenario.HasPassed))
            {
                text.AppendLine($"    {scenario.Name}: {scenario.Passed} passed, {scenario.Failed} failed");
                foreach (var check in scenario.Checks.Where(check => check.HasFailed))
                    text.AppendLine($"      {check.Id}: {check.Message}");
            }
        }

        return text.ToString();
    }

    /// <summary>Each check that passes here and not in <paramref name="other"/>, and why.</summary>
    public string DescribeLost(ConformanceReport other)
    {
        var text = new StringBuilder();
        foreach (var scenario in Scenarios)
        {
            foreach (var id in scenario.LostIn(other[scenario.Name]))
                text.AppendLine($"  {scenario.Name} / {id}: {other[scenario.Name].Explain(id)}");
        }

        return text.ToString();
    }
}
