using System.Text.RegularExpressions;
using Cortex.Cli;
using Cortex.Cli.Usage;
using Cortex.Tests.Clients;
using NUnit.Framework;
using YamlDotNet.RepresentationModel;

namespace Cortex.Tests.Cli;

/// <summary><c>docs/command-line.md</c> tells of every command there is, and of none that is not.</summary>
internal sealed partial class CommandLinePageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "command-line.md"));

    [Test]
    public void Every_command_has_its_part_with_an_example()
    {
        var commands = CommandTree.Walk(CortexCommandLine.Create(CommandRun.Actions)).Where(known => known.Path.Length > 0).ToList();

        using (Assert.EnterMultipleScope())
        {
            foreach (var (path, command) in commands)
            {
                Assert.That(Page, Does.Match($@"(?m)^##+ `cortex {path}`$"), path);
                if (command.Subcommands.Count == 0)
                    Assert.That(Lines().Any(line => line == $"cortex {path}" || line.StartsWith($"cortex {path} ", StringComparison.Ordinal)), Is.True, path);
            }

            Assert.That(Heading().Matches(Page).Select(heading => heading.Groups["path"].Value), Is.EquivalentTo(commands.Select(known => known.Path)));
        }
    }

    [Test]
    public void Pipeline_is_yaml_and_reads_what_the_check_writes()
    {
        var workflow = Workflow().Match(Page).Groups["text"].Value;
        var yaml = new YamlStream();
        yaml.Load(new StringReader(workflow));
        var read = JsonMember().Matches(workflow).Select(member => member.Groups["name"].Value).Distinct();

        Assert.That(((YamlMappingNode)yaml.Documents[0].RootNode).Children.Keys.Select(key => key.ToString()), Does.Contain("jobs"));
        Assert.That(read, Is.EquivalentTo(new[] { "errors", "file", "line", "column", "path", "problem", "mend", "ok" }));
        Assert.That(
            typeof(CheckReport.Fault).GetProperties().Concat(typeof(CheckReport).GetProperties()).Select(property => property.Name),
            Is.SupersetOf(read.Select(name => char.ToUpperInvariant(name[0]) + name[1..])));
    }

    /// <summary>The lines of the page that a reader types, without their comments.</summary>
    private static IEnumerable<string> Lines() => Block().Matches(Page)
        .SelectMany(block => block.Groups["text"].Value.Split('\n'))
        .Select(line => Container().Replace(line.Trim(), "cortex ").Split("  #")[0].TrimEnd())
        .Where(line => line.StartsWith("cortex ", StringComparison.Ordinal));

    [GeneratedRegex("^##+ `cortex (?<path>[^`]+)`$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```(sh|yml)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^```yml\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Workflow();

    [GeneratedRegex("^docker run .* ghcr.io/wellknownmcp/cortex-gateway ")]
    private static partial Regex Container();

    [GeneratedRegex(@"(?<=\(|'|jq -e )\.(?<name>[a-z]+)")]
    private static partial Regex JsonMember();
}
