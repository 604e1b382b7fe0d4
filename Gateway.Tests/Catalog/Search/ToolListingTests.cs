using System.Text.Json.Nodes;
using Cortex.Catalog;
using Cortex.Catalog.Search;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Search;

/// <summary>When a list of tools is cut down, and to what.</summary>
internal sealed class ToolListingTests
{
    private static readonly CatalogView Whole = PublicTools.Snapshot.ViewFor(PublicTools.AllScopes);
    private static readonly int Count = Whole.Of(CatalogKind.Tool).Count;
    private static readonly int Tokens = ToolListing.EstimateTokens(Whole.MemberOf(CatalogKind.Tool).Length);

    private static IEnumerable<TestCaseData> Choices()
    {
        yield return Row("nothing is configured or asked", null, null, null, false);
        yield return Row("asked", null, null, ToolMode.Search, true);
        yield return Row("more tools than configured", Count - 1, null, null, true);
        yield return Row("as many tools as configured", Count, null, null, false);
        yield return Row("more tokens than configured", null, Tokens - 1, null, true);
        yield return Row("as many tokens as configured", null, Tokens, null, false);
        yield return Row("one bound of two", Count, Tokens - 1, null, true);
        yield return Row("the whole list was asked for", 0, 0, ToolMode.Full, false);

        static TestCaseData Row(string name, int? tools, int? tokens, ToolMode? asked, bool expected) => new TestCaseData(tools, tokens, asked, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Choices))]
    public void List_is_cut_down_when(int? aboveTools, int? aboveTokens, object? asked, bool expected)
    {
        var shown = Listing(new SearchOptions { AboveTools = aboveTools, AboveTokens = aboveTokens }).For(Whole, (ToolMode?)asked);
        Assert.That(!ReferenceEquals(shown, Whole), Is.EqualTo(expected));
        Assert.That(shown.Of(CatalogKind.Tool).Any(tool => tool.IsOfSearch), Is.EqualTo(expected), "the tools for searching are listed where they are needed");
    }

    [Test]
    public void Whole_list_is_whole_and_without_the_tools_for_searching()
    {
        Assert.That(Whole.Of(CatalogKind.Tool).Any(tool => tool.IsOfSearch), Is.False);
        Assert.That(Whole.SearchTools, Has.Count.EqualTo(2));
    }

    [Test]
    public void Nothing_is_cut_down_where_it_could_not_be_searched()
    {
        var view = new CatalogView([.. PublicTools.Snapshot.Items.Where(item => item.PublicName != "call_tool")]);
        Assert.That(Listing(new SearchOptions { AboveTools = 0 }).For(view, ToolMode.Search), Is.SameAs(view));
    }

    [Test]
    public void Pinned_tools_and_the_gateways_own_are_whole_and_the_others_compact()
    {
        var shown = Listing(new SearchOptions { Pinned = ["slack_*_message", "github_create_issue", "no_such_tool"] }).For(Whole, ToolMode.Search).Of(CatalogKind.Tool);

        Assert.That(shown.Select(tool => tool.PublicName), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(shown, Has.Count.EqualTo(Count + 2));
        var whole = Whole.Of(CatalogKind.Tool).Concat(Whole.SearchTools).ToDictionary(tool => tool.PublicName, tool => tool.Json);
        Assert.That(shown.Where(tool => tool.Json.Span.SequenceEqual(whole[tool.PublicName].Span)).Select(tool => tool.PublicName),
            Is.EquivalentTo(new[] { "call_tool", "find_tools", "github_create_issue", "slack_slack_post_message" }));
        var compact = JsonNode.Parse(shown.Single(tool => tool.PublicName == "github_merge_pull_request").Json.Span)!.AsObject();
        Assert.That(compact["inputSchema"]!.ToJsonString(), Is.EqualTo("""{"type":"object"}"""));
        Assert.That(compact.Select(member => member.Key), Is.SubsetOf(new[] { "name", "description", "inputSchema" }));
    }

    [Test]
    public void Few_tools_keep_their_first_sentence_cut_at_a_word()
    {
        var view = PublicTools.Snapshot.ViewFor(PublicTools.ScopesOf("slack", "circleci"));
        var lines = Listing(new SearchOptions()).For(view, ToolMode.Search).Of(CatalogKind.Tool).Where(tool => !tool.IsOfSearch)
            .ToDictionary(tool => tool.PublicName, tool => (string)JsonNode.Parse(tool.Json.Span)!["description"]!);

        Assert.That(lines["slack_slack_add_reaction"], Is.EqualTo("Add a reaction emoji to a message"));
        Assert.That(lines["circleci_get_build_failure_logs"], Is.EqualTo("This tool helps debug CircleCI build failures by retrieving failure logs."));
        Assert.That(lines.Values.Select(line => line.Length), Is.All.LessThanOrEqualTo(101));
    }

    [Test]
    public void Entries_are_left_out_where_names_alone_are_too_many()
    {
        var tools = Enumerable.Range(0, 500).Select(number => Whole.Of(CatalogKind.Tool)[0] with { PublicName = $"tool_{number}" }).ToList();
        Assert.That(CompactTools.Of(tools, wholeBytes: 100_000), Is.Empty);
        Assert.That(CompactTools.Of(tools, wholeBytes: 400_000), Has.Length.EqualTo(500));
    }

    [Test]
    public void View_is_cut_down_once_for_each_configuration()
    {
        var listing = Listing(new SearchOptions());
        var once = listing.For(Whole, ToolMode.Search);
        Assert.That(listing.For(Whole, ToolMode.Search), Is.SameAs(once));
    }

    [TestCase("search", ToolMode.Search)]
    [TestCase(" Search ", ToolMode.Search)]
    [TestCase("full", ToolMode.Full)]
    [TestCase("off", ToolMode.Full)]
    [TestCase("", null)]
    public void Mode_is_read(string text, object? expected)
    {
        Assert.That(ToolModes.TryParse(text, out var mode));
        Assert.That(mode, Is.EqualTo((ToolMode?)expected));
    }

    [TestCase("find")]
    [TestCase("search, full")]
    [TestCase(" ")]
    public void Word_that_is_no_mode_is_told(string text) => Assert.That(ToolModes.TryParse(text, out _), Is.False);

    private static ToolListing Listing(SearchOptions options) => new(new FixedOptions<SearchOptions>(options));
}
