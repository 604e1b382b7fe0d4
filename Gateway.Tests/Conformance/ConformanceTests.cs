using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Conformance;

/// <summary>
/// The official conformance suite, first straight against the fixture, which is the most that can be had, then through the gateway. Each run
/// leaves its figures in <c>TestResults/conformance-*.txt</c>.
/// </summary>
[Category("Conformance"), Category("Slow")]
internal sealed class ConformanceTests
{
    private readonly Dictionary<string, ConformanceReport> _direct = [];

    [OneTimeSetUp]
    public async Task Run_straight_against_the_fixture()
    {
        await using var withSessions = await ConformanceServer.StartAsync();
        await using var stateless = await ConformanceServer.StartAsync(isStateless: true);
        _direct[ConformanceSuite.Legacy] = await ConformanceSuite.RunAsync(withSessions.Url, ConformanceSuite.Legacy);
        _direct[ConformanceSuite.Modern] = await ConformanceSuite.RunAsync(stateless.Url, ConformanceSuite.Modern);
    }

    [TestCase(ConformanceSuite.Legacy)]
    [TestCase(ConformanceSuite.Modern)]
    public async Task Fixture_passes_every_scored_scenario(string revision)
    {
        var report = _direct[revision];
        await PublishAsync("direct", revision, report.Describe("Straight against the fixture"));

        Assert.That(report.ScoredFailures.Select(scenario => scenario.Name), Is.Empty);
        AssertTrueTexts(report);
    }

    /// <summary>One check apart: the SDK's <c>server/discover</c> and its version error name different versions where there are sessions too.</summary>
    [Test]
    public async Task Fixture_with_sessions_serves_the_modern_era_as_well_as_the_stateless_one()
    {
        await using var fixture = await ConformanceServer.StartAsync();

        var report = await ConformanceSuite.RunAsync(fixture.Url, ConformanceSuite.Modern);

        var lost = _direct[ConformanceSuite.Modern].Scenarios.SelectMany(scenario => scenario.LostIn(report[scenario.Name]));
        Assert.That(lost, Is.SubsetOf(["sep-2575-server-unsupported-version-error"]));
    }

    [TestCase(ConformanceSuite.Legacy, GatewaySetup.Plain)]
    [TestCase(ConformanceSuite.Modern, GatewaySetup.Plain)]
    [TestCase(ConformanceSuite.Legacy, GatewaySetup.Prefixed)]
    [TestCase(ConformanceSuite.Modern, GatewaySetup.Prefixed)]
    public async Task Gateway_loses_nothing_but_the_known_gaps(string revision, string setup)
    {
        await using var running = await GatewaySetup.StartAsync(setup);
        await AssertFederatedAsync(running);

        var report = await ConformanceSuite.RunAsync(running.Gateway.McpUrl, revision, running.Person.AccessToken);

        var lost = _direct[revision].DescribeLost(report);
        await PublishAsync(setup, revision, $"{report.Describe($"Through the gateway, {setup}")}  pass directly, not through the gateway:\n{lost}");
        var gaps = report.Scenarios
            .Where(scenario => (scenario.IsScored && !scenario.HasPassed) || _direct[revision][scenario.Name].LostIn(scenario).Count > 0)
            .Select(scenario => scenario.Name);
        Assert.That(gaps, Is.EquivalentTo(KnownGaps.Read(revision, setup)), $"A new gap is a bug; a line of known-gaps.txt whose scenario passes must go.\n{lost}");
        AssertTrueTexts(report);
        AssertMintedTokenArrived(running);
    }

    /// <summary>Two scenarios are content with any text: what the tools really say must come through.</summary>
    private static void AssertTrueTexts(ConformanceReport report)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Details(report, "tools-call-simple-text"), Does.Contain($"\"text\":\"{ContentTools.SimpleText}\""));
            Assert.That(Details(report, "tools-call-error"), Does.Contain($"\"text\":\"{ContentTools.ErrorText}\""));
        }
    }

    private static string Details(ConformanceReport report, string scenario) =>
        System.Text.Json.JsonSerializer.Serialize(report[scenario].Checks.Select(check => check.Json));

    private static async Task AssertFederatedAsync(GatewaySetup running)
    {
        var tools = (await running.Person.ModernAsync("tools/list")).ToolNames;
        Assert.That(tools, Is.SupersetOf(["test_simple_text", "second_test_simple_text", "notes_save_note", "whoami", "read_cortex_resource"]));
        Assert.That(tools, Has.None.StartsWith("closed_"));
        Assert.That(running.Closed.Calls("list_tools"), Is.Not.Empty, "it is federated, and out of the token's reach");
    }

    private static void AssertMintedTokenArrived(GatewaySetup running)
    {
        var calls = running.Fixture.Calls("tools/call");
        Assert.That(calls, Is.Not.Empty);
        foreach (var call in calls)
            MintedToken.AssertArrived(call, running.Gateway.Url, GatewaySetup.Audience, GatewaySetup.Scope, running.Person.AccessToken);
        Assert.That(
            running.Second.Calls("tools/call").Select(call => call.Json.GetProperty("params").GetProperty("name").GetString()),
            Is.All.EqualTo("test_header_tool"),
            "no call strays to the namesake; the suite looks for a tool with mirrored headers by its schema and may find that one");
        Assert.That(running.Closed.Calls("secret"), Is.Empty);
    }

    private static async Task PublishAsync(string run, string revision, string text)
    {
        await TestContext.Out.WriteLineAsync(text);
        var folder = Directory.CreateDirectory(Repository.PathOf("TestResults"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"conformance-{run}-{revision}.txt"), text);
    }
}
