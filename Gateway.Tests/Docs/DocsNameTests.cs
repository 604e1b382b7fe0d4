using System.Text.RegularExpressions;
using Cortex.Cli.Doctor;
using Cortex.Tests.Clients;
using Cortex.Tests.Docs.Commands;
using Cortex.Tests.Docs.Shell;
using NUnit.Framework;

namespace Cortex.Tests.Docs;

/// <summary>What the prose names exists: keys of the configuration and of the chart, commands of the gateway, files of the source and tests.</summary>
internal sealed partial class DocsNameTests
{
    private static readonly Lazy<IReadOnlySet<string>> Files = new(() => new[] { "Gateway", "Gateway.Tests", "bench", "samples" }
        .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(Repository.PathOf(), file).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal));

    private static readonly Lazy<IReadOnlySet<string>> Events = new(() => Files.Value.Where(file => file.StartsWith("Gateway/", StringComparison.Ordinal))
        .SelectMany(file => EventName().Matches(File.ReadAllText(Repository.PathOf(file))).Select(name => name.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal));

    private static readonly HashSet<string> Faults = typeof(FaultIds).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToHashSet(StringComparer.Ordinal);

    private static readonly Lazy<IReadOnlySet<string>> Tests = new(() => typeof(DocsNameTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal));

    private static IEnumerable<DocsPage> Pages => DocsPages.All;

    [TestCaseSource(nameof(Pages))]
    public void Keys_with_a_path_are_keys_of_the_configuration_or_the_chart(DocsPage page) =>
        Assert.That(page.InlineCode.Where(code => IsUnknownKey(code.Code)).Select(code => $"{page}:{code.Line}: no configuration and no chart has '{code.Code}'."), Is.Empty);

    [TestCaseSource(nameof(Pages))]
    public void Commands_of_the_gateway_are_its_own(DocsPage page) => Assert.That(
        page.InlineCode.Where(code => code.Code.StartsWith("cortex ", StringComparison.Ordinal))
            .SelectMany(code => ShellReader.Read(code.Code).SelectMany(command => GatewayCommand.UnknownWords(command.Arguments)).Select(word => $"{page}:{code.Line}: '{code.Code}': the command line has no '{word}'.")),
        Is.Empty);

    [TestCaseSource(nameof(Pages))]
    public void Files_of_the_source_and_tests_are_there(DocsPage page) => Assert.That(
        page.InlineCode.Where(code => (SourceFile().IsMatch(code.Code) && !Files.Value.Any(file => file == code.Code || file.EndsWith($"/{code.Code}", StringComparison.Ordinal)))
                || (TestClass().IsMatch(code.Code) && !Tests.Value.Contains(code.Code)))
            .Select(code => $"{page}:{code.Line}: '{code.Code}' is not there."),
        Is.Empty);

    /// <summary>True for what looks like a key with a path, and is none, and no name of a log event, of a fault that the doctor finds or of a file either.</summary>
    private static bool IsUnknownKey(string code)
    {
        if (Key().Match(code) is not { Success: true } key)
            return false;
        var path = key.Groups["key"].Value.Replace("[]", "", StringComparison.Ordinal).Split('.');
        var isChart = SchemaKeys.Chart.HasRoot(path[0]);
        return (isChart || SchemaKeys.Configuration.HasRoot(path[0]))
            && !(path[^1] is "yaml" or "yml" or "json" or "md" or "d")
            && !SchemaKeys.Configuration.Contains(path)
            && !(isChart && SchemaKeys.Chart.Contains(path))
            && !Events.Value.Contains(code)
            && !Faults.Contains(code);
    }

    [GeneratedRegex(@"^(?<key>[a-z][A-Za-z]*(?:\.(?:[A-Za-z][A-Za-z0-9-]*|<[^>]+>|\*)(?:\[\])?)+)(?::.*)?$")]
    private static partial Regex Key();

    [GeneratedRegex(@"^[A-Za-z/.]+\.cs$")]
    private static partial Regex SourceFile();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]+Tests$")]
    private static partial Regex TestClass();

    [GeneratedRegex("EventName = \"(?<name>[^\"]+)\"")]
    private static partial Regex EventName();
}
