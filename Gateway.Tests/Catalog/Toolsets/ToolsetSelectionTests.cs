using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.Model;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Toolsets;

/// <summary>What of a catalog a toolset and a choice of backends show: held against the rule written out, over random catalogs.</summary>
internal sealed class ToolsetSelectionTests
{
    private static readonly string[] Ids = ["b0", "b1", "b2"];
    private static readonly string[] Names = ["read", "write", "find", "delete_all"];
    private static readonly string[] Scopes = ["mcp:x:read", "mcp:x:write", "mcp:y:read"];
    private static readonly string[] NamePatterns = ["b0_*", "*_read", "b1_find", "*_d*", "nothing"];
    private static readonly string[] UriPatterns = ["b0://*", "*/1", "b1://{id}", "none://*"];
    private static readonly string[] ScopePatterns = ["mcp:*:read", "mcp:x:*", "mcp:y:read"];

    private static readonly Gen<int> Bits = Gen.Int[0, 31];

    [Test]
    public void Part_is_what_the_rule_says_in_the_order_of_the_whole() =>
        Gen.Select(Bits.Array[24], Bits.Array[10], Gen.Bool, Gen.Bool).Sample(
            (contents, choices, builtins, layered) =>
            {
                var whole = Snapshot(contents, layered);
                var options = Options(choices, builtins);
                var header = choices[9] % 2 == 0 ? null : BackendChoice.TryParse(string.Join(',', Pick(Ids, choices[9] | 1)));
                var part = whole.Narrow(new CatalogSelection(Toolset(options), header));

                var expected = whole.Items.Where(item => IsIn(item, options, header, whole)).ToList();
                Assert.That(part.Items, Is.EqualTo(expected));
                foreach (var item in whole.Items)
                {
                    Assert.That(part.Find(item.Kind, item.PublicName), Is.SameAs(expected.Contains(item) ? item : null));
                    if (item.Kind == CatalogKind.Resource)
                        Assert.That(part.FindResource(item.PublicName), Is.SameAs(expected.Contains(item) ? item : null));
                }

                var scopes = ScopeSet.Of(Scopes[..(choices[8] % 3)].Select(Scope.Parse));
                foreach (var kind in Enum.GetValues<CatalogKind>())
                    Assert.That(part.ViewFor(scopes).Of(kind), Is.EqualTo(whole.ViewFor(scopes).Of(kind).Where(expected.Contains)));
            },
            iter: 2000);

    [Test]
    public void Same_part_is_made_once_and_the_whole_is_itself()
    {
        var whole = Snapshot([.. Enumerable.Repeat(31, 24)], layered: false);
        var toolset = Toolset(new ToolsetOptions { Backends = ["b0"] });

        Assert.That(whole.Narrow(CatalogSelection.Whole), Is.SameAs(whole));
        var part = whole.Narrow(new CatalogSelection(toolset, null));
        Assert.That(whole.Narrow(new CatalogSelection(toolset, null)), Is.SameAs(part));
        Assert.That(whole.Narrow(Choice("b1,b0")), Is.SameAs(whole.Narrow(Choice("b0 , b1,b0"))), "order and repetition are no difference");
        Assert.That(whole.Narrow(Choice("b0")).Whole, Is.SameAs(whole));
    }

    [Test]
    public void Parts_that_requests_choose_are_kept_within_bounds_and_right_beyond_them()
    {
        var whole = CatalogMerge.Merge([.. Enumerable.Range(0, 100).Select(number => CatalogSamples.Backend($"b{number}", Tool("read", "mcp:x:read")))]).Snapshot;
        for (var number = 0; number < 100; number++)
            Assert.That(whole.Narrow(Choice($"b{number}")).Items.Single().PublicName, Is.EqualTo($"b{number}_read"));
        var (kept, beyond) = (whole.Narrow(Choice("b0")), whole.Narrow(Choice("b99")));
        Assert.That(whole.Narrow(Choice("b0")), Is.SameAs(kept));
        Assert.That(whole.Narrow(Choice("b99")), Is.Not.SameAs(beyond));
    }

    /// <summary>A resource that no list shows is read by its template or its scheme; the pattern may name either URI.</summary>
    [TestCase("b0://{id}", "b0://7", ExpectedResult = true)]
    [TestCase("b0://7", "b0://7", ExpectedResult = true)]
    [TestCase("b0://7", "b0://8", ExpectedResult = false)]
    [TestCase("b1://*", "b0://7", ExpectedResult = false)]
    public bool Resource_of_a_template_is_in_by_either_of_its_names(string pattern, string uri)
    {
        var whole = CatalogMerge.Merge([CatalogSamples.Backend("b0", "b0://{id}"), CatalogSamples.Backend("b1", "b1://{id}")]).Snapshot;
        var toolset = Toolset(new ToolsetOptions { Resources = new PatternOptions { Include = [pattern] } });
        return whole.Narrow(new CatalogSelection(toolset, null)).FindResource(uri) is not null;
    }

    /// <summary>Before an account is linked nobody knows the names of its tools: the tool that links it stands for those that the toolset may hold.</summary>
    [TestCase("hr_salary_*", "hr_salary_get", ExpectedResult = true)]
    [TestCase("hr_salary_*", "hr_other", ExpectedResult = false)]
    [TestCase("*_get", "hr_salary_get", ExpectedResult = true)]
    [TestCase("notes_*", "hr_salary_get", ExpectedResult = false)]
    [TestCase("notes_*", "hr_link_account", ExpectedResult = false)]
    [TestCase("hr_salary_*", "hr_link_account", ExpectedResult = true)]
    public bool Account_that_is_not_linked_is_offered_where_the_toolset_may_hold_tools_of_it(string pattern, string name)
    {
        var hr = BackendDefinitionFactory.Create(
            BackendId.Parse("hr"), new BackendOptions { Kind = BackendKind.Mcp, Url = "http://127.0.0.1:1/mcp", Auth = BackendAuth.LinkedAccount, Catalog = CatalogSharing.PerPerson });
        var whole = CatalogMerge.MergeOwn(CatalogSnapshot.Empty, [], [AccountTool.Of(hr, AccountLinking.Offered)]).Snapshot;
        var part = whole.Narrow(new CatalogSelection(Toolset(new ToolsetOptions { Tools = new PatternOptions { Include = [pattern] } }), null));

        Assert.That(part.Items.Count == 1, Is.EqualTo(pattern != "notes_*"));
        return part.Find(CatalogKind.Tool, name) is not null;
    }

    [TestCase("a, b", ExpectedResult = "a,b")]
    [TestCase("b,a,b", ExpectedResult = "a,b")]
    [TestCase("a,,b", ExpectedResult = null)]
    [TestCase("a b", ExpectedResult = null)]
    [TestCase("A", ExpectedResult = null)]
    [TestCase(",", ExpectedResult = null)]
    [TestCase("a;b", ExpectedResult = null)]
    public string? Choice_of_backends_is_names_with_commas_between_them(string text) => BackendChoice.TryParse(text)?.ToString();

    [Test]
    public void Choice_of_more_backends_than_anybody_has_is_none() =>
        Assert.That(BackendChoice.TryParse(string.Join(',', Enumerable.Range(0, BackendChoice.MaxBackends + 1).Select(number => $"b{number}"))), Is.Null);

    private static bool IsIn(CatalogItem item, ToolsetOptions options, BackendChoice? header, CatalogSnapshot whole)
    {
        var patterns = item.Kind switch { CatalogKind.Tool => options.Tools, CatalogKind.Prompt => options.Prompts, _ => options.Resources };
        var follows = item.Kind != CatalogKind.Tool && options.Backends.Count == 0 && options.Tools.Include.Count > 0 && patterns.Include.Count == 0;
        return (header is null || header.All.Any(id => id == item.Backend.Id))
            && (options.Backends.Count == 0 || options.Backends.Contains(item.Backend.Id.Value))
            && (options.Scopes.Count == 0 || options.Scopes.Any(pattern => Fits(pattern, item.Scope!.Value.Value)))
            && (patterns.Include.Count == 0 || patterns.Include.Any(pattern => Fits(pattern, item.PublicName)))
            && !patterns.Exclude.Any(pattern => Fits(pattern, item.PublicName))
            && (!follows || whole.Items.Any(tool => tool.Kind == CatalogKind.Tool && tool.Backend.Id == item.Backend.Id && IsIn(tool, options, header, whole)));
    }

    private static bool Fits(string pattern, string text) => Regex.IsMatch(text, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$");

    private static CatalogSnapshot Snapshot(int[] contents, bool layered)
    {
        var backends = Ids.Select((id, index) => CatalogSamples.Backend(id, [.. Items(id, contents, index * 8)])).ToList();
        if (!layered)
            return CatalogMerge.Merge(backends).Snapshot;
        return CatalogMerge.MergeOwn(CatalogMerge.Merge(backends[..2]).Snapshot, backends[2..], []).Snapshot;
    }

    private static IEnumerable<OfferedItem> Items(string id, int[] contents, int at) =>
    [
        .. Pick(Names, contents[at]).Select(name => Tool(name, ScopeOf(contents[at + 1]))),
        .. Pick(Names, contents[at + 2]).Select(name => CatalogSamples.Item(CatalogKind.Prompt, name, new JsonObject { ["name"] = name }) with { Scope = Scope.Parse(ScopeOf(contents[at + 3])) }),
        .. Pick([$"{id}://1", $"{id}://2", $"{id}://{{id}}"], contents[at + 4]).Select(address => CatalogSamples.Address(address) with { Scope = Scope.Parse(ScopeOf(contents[at + 5])) }),
    ];

    private static ToolsetOptions Options(int[] choices, bool builtins) => new()
    {
        Builtins = builtins,
        Backends = Pick(Ids, choices[0] & (choices[1] % 2 == 0 ? 0 : 31)),
        Tools = new PatternOptions { Include = Pick(NamePatterns, choices[2] & choices[3]), Exclude = Pick(NamePatterns, choices[3] & choices[4] & choices[5]) },
        Prompts = new PatternOptions { Include = Pick(NamePatterns, choices[4] & choices[1]), Exclude = Pick(NamePatterns, choices[0] & choices[5] & choices[6]) },
        Resources = new PatternOptions { Include = Pick(UriPatterns, choices[5] & choices[0]), Exclude = Pick(UriPatterns, choices[1] & choices[6] & choices[7]) },
        Scopes = Pick(ScopePatterns, choices[6] & choices[7]),
    };

    private static Toolset Toolset(ToolsetOptions options) => ToolsetId.TryParse("some", out var id) ? new Toolset(id, options) : throw new InvalidOperationException();

    private static CatalogSelection Choice(string backends) => new(null, BackendChoice.TryParse(backends));

    private static OfferedItem Tool(string name, string scope) =>
        CatalogSamples.Item(CatalogKind.Tool, name, new JsonObject { ["name"] = name }) with { Scope = Scope.Parse(scope) };

    private static string ScopeOf(int bits) => Scopes[bits % Scopes.Length];

    private static string[] Pick(string[] pool, int bits) => [.. pool.Where((_, index) => (bits >> index) % 2 == 1)];
}
