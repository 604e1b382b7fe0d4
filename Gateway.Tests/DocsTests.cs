using System.Text.RegularExpressions;
using Cortex.Foundation.Configuration;
using Cortex.Tests.Clients;
using NUnit.Framework;

namespace Cortex.Tests;

/// <summary>What the documentation shows is true: its YAML is a configuration that the gateway takes, and its links lead somewhere.</summary>
internal sealed partial class DocsTests
{
    private static IEnumerable<string> Pages => Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Append(Repository.PathOf("README.md"));

    private static IEnumerable<TestCaseData> Configurations => Pages.SelectMany(page => Yaml().Matches(File.ReadAllText(page)).Select((block, index) =>
        new TestCaseData(block.Groups["text"].Value).SetName($"{{m}}({Path.GetFileName(page)}, {index + 1})")));

    [TestCaseSource(nameof(Configurations))]
    public async Task Yaml_is_a_configuration_that_the_gateway_takes(string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-docs-").FullName;
        try
        {
            var secret = Path.Combine(folder, "secret");
            await File.WriteAllTextAsync(secret, "a-secret-of-the-documentation-0123456789");
            var file = Path.Combine(folder, "cortex.yaml");
            await File.WriteAllTextAsync(file, FileReference().Replace(yaml, $"${{file:{secret}}}"));
            var environment = EnvironmentReference().Matches(yaml).Select(reference => reference.Groups["name"].Value).Distinct()
                .ToDictionary(name => name, string? (_) => "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

            Assert.That(() => LiveConfiguration.Load(file, Sections.All, environment), Throws.Nothing);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Links_to_files_lead_to_files()
    {
        var broken = Pages.SelectMany(page => Link().Matches(File.ReadAllText(page))
            .Select(link => link.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains(':', StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target)))
            .Select(target => $"{Path.GetFileName(page)}: {target}"));

        Assert.That(broken, Is.Empty);
    }

    [GeneratedRegex(@"^```yaml\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"\$\{file:[^}]*\}")]
    private static partial Regex FileReference();

    [GeneratedRegex(@"\$\{env:(?<name>[A-Za-z0-9_]+)\}")]
    private static partial Regex EnvironmentReference();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
