using System.Diagnostics;
using System.Globalization;
using Cortex.Catalog;
using Cortex.Catalog.Search;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Search;

/// <summary>How well, how small and how fast searching is on the tools of public servers; the figures of <c>docs/search.md</c>.</summary>
internal sealed class SearchFiguresTests
{
    private const int Shown = 5;

    [TestCase("tuned", 0.9)]
    [TestCase("held-out", 0.9)]
    public async Task Right_tools_are_among_the_first_five(string set, double least)
    {
        using var search = new ToolSearch();
        var view = PublicTools.Snapshot.ViewFor(PublicTools.AllScopes);
        var (sum, any) = (0.0, 0);
        var queries = PublicTools.Queries(set);
        foreach (var (query, right) in queries)
        {
            var found = (await search.FindAsync(PublicTools.Snapshot, view, query, Shown, CancellationToken.None)).Select(PublicTools.Label).ToList();
            var hits = right.Intersect(found).Count();
            sum += (double)hits / Math.Min(right.Count, Shown);
            any += hits > 0 ? 1 : 0;
        }

        var recall = sum / queries.Count;
        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{set}: {queries.Count} queries, recall@5 {recall:0.000}, at least one right tool {(double)any / queries.Count:0.000}"));
        Assert.That(recall, Is.GreaterThanOrEqualTo(least));
    }

    [Test]
    public void List_to_be_searched_takes_less_than_a_sixth_of_the_tokens()
    {
        var view = PublicTools.Snapshot.ViewFor(PublicTools.AllScopes);
        var whole = ToolListing.EstimateTokens(view.MemberOf(CatalogKind.Tool).Length);
        var cut = ToolListing.EstimateTokens(new ToolListing(new FixedOptions<SearchOptions>(new SearchOptions())).For(view, ToolMode.Search).MemberOf(CatalogKind.Tool).Length);

        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{view.Of(CatalogKind.Tool).Count} tools: {whole} tokens whole, {cut} cut down, {1 - ((double)cut / whole):0.000} saved"));
        Assert.That(view.Of(CatalogKind.Tool), Has.Count.GreaterThanOrEqualTo(500));
        Assert.That(cut, Is.LessThanOrEqualTo(0.15 * whole));
    }

    /// <summary>Prints times; they are the machine's and are not judged.</summary>
    [Test]
    public async Task Index_and_queries_take_their_time()
    {
        var tools = PublicTools.Snapshot.Items.Where(item => !item.IsOfSearch).ToList();
        var clock = Stopwatch.StartNew();
        using (var index = new ToolIndex([.. tools.Select(ToolText.Of)]))
            Assert.That(index.TrySearch(() => { }));
        var indexing = clock.Elapsed;
        using var search = new ToolSearch();
        var view = PublicTools.Snapshot.ViewFor(PublicTools.AllScopes);
        var queries = PublicTools.Queries("tuned").Concat(PublicTools.Queries("held-out")).Select(query => query.Query).ToList();
        foreach (var pass in new[] { "first", "second" })
        {
            clock.Restart();
            foreach (var query in queries)
                Assert.That(await search.FindAsync(PublicTools.Snapshot, view, query, Shown, CancellationToken.None), Is.Not.Empty, query);
            await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{pass} pass: {clock.Elapsed.TotalMilliseconds / queries.Count:0.00} ms a query"));
        }

        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"index of {tools.Count} tools: {indexing.TotalMilliseconds:0} ms"));
    }
}
