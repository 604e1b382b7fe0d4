using System.Text;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

internal sealed class CatalogMergeTests
{
    [Test]
    public void Of_two_tools_that_want_one_name_the_first_gets_it()
    {
        var result = CatalogMerge.Merge([Backend("a", "", "x", "y"), Backend("b", "", "y", "z")]);
        Assert.That(result.Snapshot.Items.Select(tool => $"{tool.Backend.Id}:{tool.PublicName}"), Is.EqualTo(new[] { "b:b_y", "a:x", "a:y", "b:z" }));
        Assert.That(result.Faults, Is.Empty);
    }

    [Test]
    public void Prefixes_that_run_into_each_other_are_told_apart()
    {
        var result = CatalogMerge.Merge([Backend("a", "a", "b_c"), Backend("a_b", "a_b", "c")]);
        Assert.That(result.Snapshot.Find(CatalogKind.Tool, "a_b_c")!.Backend.Id.Value, Is.EqualTo("a"));
        Assert.That(result.Snapshot.Items.Single(tool => tool.Backend.Id.Value == "a_b").PublicName, Does.Match("^a_b_c_[0-9a-f]{8}$"));
    }

    [TestCase("bad name", "bad_name")]
    [TestCase("ümlaut", "_mlaut")]
    [TestCase("a/b", "a_b")]
    [TestCase("a.b", "a_b")]
    public void Name_that_clients_choke_on_is_made_fit(string name, string fit)
    {
        var result = CatalogMerge.Merge([Backend("a", "", name)]);
        Assert.That(result.Snapshot.Items.Single().PublicName, Is.EqualTo(fit));
        Assert.That(result.Snapshot.Items.Single().OriginalName, Is.EqualTo(name));
    }

    [TestCase("")]
    [TestCase(1025)]
    public void Name_that_is_none_is_left_out_and_reported(object name)
    {
        var result = CatalogMerge.Merge([Backend("a", "", name as string ?? new string('x', (int)name), "good")]);
        Assert.That(result.Snapshot.Items.Select(tool => tool.PublicName), Is.EqualTo(new[] { "good" }));
        Assert.That(result.Faults.Single().Backend.Value, Is.EqualTo("a"));
    }

    [Test]
    public void Tool_that_is_listed_twice_is_shown_once_and_reported()
    {
        var result = CatalogMerge.Merge([Backend("a", "a", "x", "x")]);
        Assert.That(result.Snapshot.Items, Has.Count.EqualTo(1));
        Assert.That(result.Faults.Single().Fault, Does.Contain("twice"));
    }

    /// <summary>Clients of the modern era leave such a tool out themselves; those of the legacy era know no annotations.</summary>
    [TestCase(true, ExpectedResult = 0)]
    [TestCase(false, ExpectedResult = 1)]
    public int Tool_with_an_invalid_header_annotation_is_left_out_and_reported_of_a_modern_server_alone(bool modern)
    {
        var (backend, catalog) = Backend("a", "a");
        var tool = new OfferedItem(CatalogKind.Tool, "t", Scope.Parse("s:1"), Encoding.UTF8.GetBytes(
            """{"name":"t","inputSchema":{"properties":{"p":{"type":"number","x-mcp-header":"P"}}}}"""));
        var result = CatalogMerge.Merge([(backend, catalog with { Items = [tool], Speech = new BackendSpeech(modern ? ProtocolVersion.V20260728 : ProtocolVersion.V20251125, null, false, false, false) })]);
        Assert.That(result.Faults.Select(fault => fault.Fault), modern ? Has.Exactly(1).Contains("tool 't' is left out: its inputSchema has x-mcp-header") : Is.Empty);
        return result.Snapshot.Items.Count(item => item.Mirrored is null);
    }

    [Test]
    public void Rename_changes_the_name_and_no_other_byte()
    {
        const string json = """{ "x" : 1.0e2, "n\u0061me" : "old" , "description":"\u00e4 name: old","name2":"old"}""";
        Assert.That(Encoding.UTF8.GetString(PublicNames.Rename(Encoding.UTF8.GetBytes(json), CatalogKind.Tool, "new")), Is.EqualTo(json.Replace(": \"old\" ", ": \"new\" ")));
    }

    [Test]
    public void View_shows_exactly_the_tools_its_scopes_allow_in_order()
    {
        Gen.Select(Gen.Int[0, 5].List[0, 30], Gen.Int[0, 5].List[0, 6]).Sample((tools, held) =>
        {
            var offered = tools.Select((scope, index) => (Name: $"t{(index * 7919) % 1000:000}_{index}", Scope: Scope.Parse($"s:{scope}"))).ToList();
            var snapshot = CatalogMerge.Merge([Backend("b", "b", [.. offered])]).Snapshot;
            var scopes = ScopeSet.Of(held.Select(scope => Scope.Parse($"s:{scope}")));
            var shown = JsonNode.Parse($"{{{Encoding.UTF8.GetString(snapshot.ViewFor(scopes).MemberOf(CatalogKind.Tool).Span)}}}")!["tools"]!.AsArray().Select(tool => (string)tool!["name"]!);
            return shown.SequenceEqual(offered.Where(tool => scopes.Contains(tool.Scope)).Select(tool => $"b_{tool.Name}").Order(StringComparer.Ordinal));
        });
    }

    private static (BackendDefinition, BackendCatalog) Backend(string id, string prefix, params string[] tools) =>
        Backend(id, prefix, [.. tools.Select(tool => (tool, Scope.Parse("s:1")))]);

    private static (BackendDefinition, BackendCatalog) Backend(string id, string prefix, (string Name, Scope Scope)[] tools) =>
        (BackendDefinitionFactory.Create(BackendId.Parse(id), new BackendOptions { Url = "http://127.0.0.1:1", Prefix = prefix }),
        new BackendCatalog(
            [.. tools.Select(tool => new OfferedItem(CatalogKind.Tool, tool.Name, tool.Scope, Encoding.UTF8.GetBytes(new JsonObject { ["name"] = tool.Name }.ToJsonString())))],
            null, DateTimeOffset.UnixEpoch, []));
}
