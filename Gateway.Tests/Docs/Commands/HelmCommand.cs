using Cortex.Tests.Clients;
using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>helm</c>: the chart is this one, and what <c>--set</c> sets is one of its values.</summary>
internal sealed class HelmCommand : ICommandRule
{
    private const string Published = "oci://ghcr.io/wellknownmcp/charts/cortex";

    private static readonly string[] Verbs = ["upgrade", "install", "template", "lint", "test", "rollback", "uninstall", "history", "status", "get", "show", "pull", "diff"];
    private static readonly string[] WithChart = ["upgrade", "install", "template", "lint"];
    private static readonly string[] WithValue = ["-n", "--namespace", "-f", "--values", "--version", "--set", "--set-string", "--set-json", "--set-file", "--timeout"];

    public bool Takes(ShellCommand command) => command.Program == "helm";

    public IEnumerable<string> Faults(ShellCommand command)
    {
        var plain = new List<string>();
        var values = new List<string>();
        for (var n = 1; n < command.Words.Count; n++)
        {
            var (word, given) = command.Words[n].StartsWith("--", StringComparison.Ordinal) && command.Words[n].Split('=', 2) is [var name, var value] ? (name, value) : (command.Words[n], null);
            if (WithValue.Contains(word))
                given ??= command.Words.ElementAtOrDefault(++n);
            else if (!word.StartsWith('-'))
                plain.Add(word);
            if (word.StartsWith("--set", StringComparison.Ordinal) && given is not null)
                values.Add(given);
        }

        if (!Verbs.Contains(plain.ElementAtOrDefault(0)))
            return [$"'{plain.ElementAtOrDefault(0)}' is not known to the rule for helm."];
        var faults = values.Select(value => value.Split('=')[0]).Where(key => !SchemaKeys.Chart.Contains(Split(key)))
            .Select(key => $"charts/cortex/values.schema.json knows no '{key}'.");
        return WithChart.Contains(plain[0]) && !IsChart(plain[^1])
            ? faults.Append($"'{plain[^1]}' is not the chart: {Published}, or charts/cortex in this repository.")
            : faults;
    }

    private static IReadOnlyList<string> Split(string key) =>
        [.. key.Replace("\\.", "\0", StringComparison.Ordinal).Split('.').Select(part => part.Replace('\0', '.').Split('[')[0])];

    private static bool IsChart(string chart) => chart == Published || File.Exists(Path.Combine(Repository.PathOf(), chart, "Chart.yaml"));
}
