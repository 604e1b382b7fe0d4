using System.Globalization;
using System.Text.Json;
using Cortex.Tests.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

/// <summary>
/// <c>cortex check</c> on broken configurations, as a pipeline runs it: text and JSON, each with the place of the fault and what to write instead. What the platform's own tests
/// hold against the loader is held against the command here.
/// </summary>
internal sealed class CheckTests
{
    private static IEnumerable<BrokenSetup> All =>
    [
        .. BrokenSetup.All,
        .. BrokenConfig.All.Select(broken => new BrokenSetup(
            broken.Name,
            [("cortex.yaml", broken.Yaml)],
            broken.Line == 0 ? "cortex.yaml" : $"cortex.yaml:{broken.Line.ToString(CultureInfo.InvariantCulture)}",
            broken.Path,
            broken.Problem,
            broken.Mend)),
    ];

    [Test]
    public void Broken_configurations_are_a_hundred_mistakes_of_different_kinds() =>
        Assert.That(All.Select(broken => broken.Name).Distinct().Count(), Is.EqualTo(All.Count()).And.AtLeast(100));

    [TestCaseSource(nameof(All))]
    public async Task Mistake_is_told_with_its_place_and_what_to_write_instead(BrokenSetup broken)
    {
        using var folder = new ConfigFolder();
        foreach (var (file, yaml) in broken.Files)
            folder.Write(file, yaml);

        var text = await CommandRun.WithAsync("check", "--config", folder.Main);
        var json = await CommandRun.WithAsync("check", "--config", folder.Main, "--json");

        var line = text.Error.Split(Environment.NewLine).FirstOrDefault(said => said.Contains(broken.Problem, StringComparison.Ordinal) && said.Contains(broken.Mend, StringComparison.OrdinalIgnoreCase));
        var faults = JsonDocument.Parse(json.Output).RootElement.GetProperty("errors").EnumerateArray().ToList();
        var fault = faults.FirstOrDefault(found => Text(found, "path") == broken.Path && Text(found, "problem").Contains(broken.Problem, StringComparison.Ordinal));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((text.Exit, json.Exit), Is.EqualTo((1, 1)));
            Assert.That(text.Output, Is.Empty);
            Assert.That(line, Does.StartWith(folder.Main.Replace("cortex.yaml", "", StringComparison.Ordinal) + broken.At).Or.StartWith(broken.At), text.Error);
            Assert.That(fault.ValueKind, Is.EqualTo(JsonValueKind.Object), json.Output);
        }

        var place = $"{Path.GetRelativePath(Path.GetDirectoryName(folder.Main)!, Path.Combine(Path.GetDirectoryName(folder.Main)!, Text(fault, "file")))}{Number(fault, "line")}{Number(fault, "column")}";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(place, Is.EqualTo(broken.At).Or.StartsWith(broken.At + ":"));
            Assert.That(Text(fault, "mend"), Does.Contain(broken.Mend).IgnoreCase);
            Assert.That(faults.Select(found => Text(found, "mend").Length), Is.All.GreaterThan(4), "each fault says what to do");
        }
    }

    private static string Text(JsonElement fault, string name) => fault.GetProperty(name).GetString()!;

    private static string Number(JsonElement fault, string name) => fault.TryGetProperty(name, out var number) ? $":{number.GetInt32()}" : "";
}
