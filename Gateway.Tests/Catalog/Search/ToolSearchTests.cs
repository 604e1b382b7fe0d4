using System.Text;
using Cortex.Catalog;
using Cortex.Catalog.Search;
using Cortex.Foundation.Model;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Search;

/// <summary>Finding tools for a wish.</summary>
internal sealed class ToolSearchTests
{
    private static readonly string[] Servers = [.. PublicTools.Snapshot.Items.Where(item => item.Scope is not null).Select(item => item.Backend.Id.Value).Distinct()];

    private ToolSearch _search = null!;

    [OneTimeSetUp]
    public void Start() => _search = new ToolSearch();

    [OneTimeTearDown]
    public void Stop() => _search.Dispose();

    [TestCase("find a page OR")]
    [TestCase("NOT")]
    [TestCase("NEAR(send message, 2)")]
    [TestCase("name:send")]
    [TestCase("\"send")]
    [TestCase("send\"; DROP TABLE heads; --")]
    [TestCase("send* ^message -reply +x")]
    [TestCase("{name title}: send")]
    [TestCase("send' OR '1'='1")]
    [TestCase("$word ?1 @x :y send")]
    [TestCase("bm25(heads) rank MATCH send")]
    public async Task Query_is_words_and_never_an_expression(string query)
    {
        var once = await NamesAsync(query);
        var plain = await NamesAsync("send message");
        Assert.That(await NamesAsync(query), Is.EqualTo(once), "and finds the same each time");
        Assert.That(await NamesAsync("send message"), Is.EqualTo(plain));
        Assert.That(plain, Is.Not.Empty);
    }

    [Test]
    public async Task Query_of_odd_characters_is_no_fault()
    {
        foreach (var query in new[] { "se\0nd message", "send \ud83d\ude00 message \ud800", "\ud800", "é́ 日本語 привет", "\u202esend" })
            Assert.That(await NamesAsync(query), Is.Not.Null);
    }

    [TestCase("the of and")]
    [TestCase("zzzzqqq")]
    [TestCase("!?")]
    [TestCase("")]
    public async Task Query_that_says_nothing_is_no_fault(string query) => Assert.That(await NamesAsync(query), Is.Not.Null);

    [Test]
    public async Task Long_query_counts_by_its_first_words()
    {
        var names = await NamesAsync(string.Join(' ', Enumerable.Repeat("kubernetes", 200)) + new string('x', 20_000));
        Assert.That(names, Is.Not.Empty);
        Assert.That(names[0], Does.StartWith("kubernetes_"));
    }

    /// <summary>The attack: describing a forbidden tool as closely as can be.</summary>
    [Test]
    public async Task Forbidden_tools_are_never_found_whatever_the_scopes()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var allowed = Servers.Where(_ => random.Next(3) == 0).ToHashSet();
            var view = PublicTools.Snapshot.ViewFor(PublicTools.ScopesOf(allowed));
            var target = PublicTools.Snapshot.Items.Where(item => item.Scope is not null).ElementAt(random.Next(PublicTools.Snapshot.Items.Count - 2));
            var text = ToolText.Of(target);

            var found = await _search.FindAsync(PublicTools.Snapshot, view, $"{target.PublicName} {text.Title} {text.Lead}", 20, CancellationToken.None);

            Assert.That(found.Select(tool => tool.Backend.Id.Value).Distinct(), Is.SubsetOf(allowed), $"seed {seed}");
            Assert.That(found.Count > 0 || !allowed.Contains(target.Backend.Id.Value), $"seed {seed}");
        }
    }

    [Test]
    public async Task Equals_are_ordered_by_name()
    {
        var snapshot = Snapshot(("b", Tool("same")), ("a", Tool("same")), ("c", Tool("same")));
        for (var i = 0; i < 3; i++)
            Assert.That((await FindAsync(_search, snapshot, "same")).Select(tool => tool.PublicName), Is.EqualTo(new[] { "a_same", "b_same", "c_same" }));
    }

    [Test]
    public async Task Tool_is_found_by_name_title_description_parameter_and_what_a_parameter_may_be()
    {
        var snapshot = Snapshot(("x", Encoding.UTF8.GetBytes("""
            {"name":"getUserHTTPData","title":"Quokka","description":"Feeds wombats. Rarely numbats.","inputSchema":{"type":"object","properties":{
                "burrowDepth":{"type":"string","description":"Measured by echidnas"},"mode":{"enum":["platypusOnly",3]},
                "list":{"type":"array","items":{"type":"object","properties":{"bilby":{"type":"string"}}}}}}}
            """)));
        foreach (var query in new[] { "user", "http", "getuserhttpdata", "quokkas", "wombat", "numbat", "burrow", "echidna", "platypus", "bilbies", "wom bat", "quok" })
            Assert.That(await FindAsync(_search, snapshot, query), Has.Count.EqualTo(1), query);
    }

    [Test]
    public async Task Tool_whose_texts_cannot_be_read_is_found_by_name_and_harms_no_other()
    {
        var snapshot = Snapshot(
            ("bad", Encoding.UTF8.GetBytes("""{"name":"half","description":"half a \ud800 character","inputSchema":{"type":"object","properties":{"\udfff":{}}}}""")),
            ("odd", Encoding.UTF8.GetBytes("""{"name":"odd","title":7,"description":{},"annotations":[],"inputSchema":{"properties":{"a":true,"b":{"enum":{}},"c":{"items":[]}}}}""")),
            ("good", Tool("half")));
        Assert.That((await FindAsync(_search, snapshot, "half")).Select(tool => tool.PublicName), Is.EquivalentTo(new[] { "bad_half", "good_half" }));
        Assert.That(await FindAsync(_search, snapshot, "odd"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Snapshots_with_the_same_tools_share_an_index_and_others_do_not()
    {
        using var search = new ToolSearch();
        await FindAsync(search, Snapshot(("a", Tool("one"))), "one");
        await FindAsync(search, Snapshot(("a", Tool("one"))), "one");
        Assert.That(search.Kept, Is.EqualTo(1));
        Assert.That(await FindAsync(search, Snapshot(("a", Tool("one")), ("b", Tool("two"))), "two"), Has.Count.EqualTo(1), "a new tool is found at once");
        Assert.That(search.Kept, Is.EqualTo(2));
    }

    [Test]
    public async Task Indexes_are_bounded_and_searches_that_cross_an_eviction_still_answer()
    {
        using var search = new ToolSearch(maxTools: 3);
        var snapshots = Enumerable.Range(0, 6).Select(number => Snapshot(("a", Tool($"n{number}")), ("b", Tool("shared")))).ToList();
        var found = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Run(() => FindAsync(search, snapshots[i % snapshots.Count], "shared"))));
        Assert.That(found.Select(tools => tools.Count), Is.All.EqualTo(1));
        Assert.That(search.Kept, Is.EqualTo(1));
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string query) => [.. (await FindAsync(_search, PublicTools.Snapshot, query)).Select(tool => tool.PublicName)];

    private static Task<IReadOnlyList<CatalogItem>> FindAsync(ToolSearch search, CatalogSnapshot snapshot, string query) =>
        search.FindAsync(snapshot, snapshot.ViewFor(ScopeSet.Of(PublicTools.AllScopes.Append(Scope.Parse("s:1")))), query, 5, CancellationToken.None);

    private static byte[] Tool(string name) => Encoding.UTF8.GetBytes($$"""{"name":"{{name}}","inputSchema":{"type":"object"} }""");

    private static CatalogSnapshot Snapshot(params IEnumerable<(string Backend, byte[] Json)> tools) => CatalogMerge.Merge([.. tools.Select(tool =>
    {
        using var document = System.Text.Json.JsonDocument.Parse(tool.Json);
        return CatalogSamples.Backend(tool.Backend, new OfferedItem(CatalogKind.Tool, document.RootElement.GetProperty("name").GetString()!, Scope.Parse("s:1"), tool.Json));
    })]).Snapshot;
}
