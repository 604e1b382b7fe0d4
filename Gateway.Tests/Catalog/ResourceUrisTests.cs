using System.Text;
using System.Text.Json.Nodes;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using CsCheck;
using NUnit.Framework;
using static Cortex.Tests.Catalog.CatalogSamples;

namespace Cortex.Tests.Catalog;

/// <summary>Resources that backends share.</summary>
internal sealed class ResourceUrisTests
{
    private const string Text = "test://static-text";
    private const string Template = "test://template/{id}/data";

    private static readonly BackendId A = BackendId.Parse("a");
    private static readonly BackendId B = BackendId.Parse("b");

    [Test]
    public void First_backend_keeps_its_uris_and_a_later_one_gets_its_own()
    {
        var result = CatalogMerge.Merge([Backend("a", Text, Template), Backend("b", Text, Template, "test://only-b")]);

        Assert.That(result.Faults, Is.Empty);
        Assert.That(
            result.Snapshot.Items.Select(item => $"{item.Backend.Id} {item.PublicName}"),
            Is.EquivalentTo(new[] { $"a {Text}", $"a {Template}", $"b cortex+b+{Text}", $"b cortex+b+{Template}", "b test://only-b" }));
        var json = result.Snapshot.Items.Where(item => item.Backend.Id == B).Select(item => Encoding.UTF8.GetString(item.Json.Span));
        Assert.That(json, Is.EquivalentTo(new[]
        {
            $$"""{"name":"x","uri":"cortex+b+{{Text}}"}""",
            $$"""{"name":"x","uriTemplate":"cortex+b+{{Template}}"}""",
            """{"name":"x","uri":"test://only-b"}""",
        }));
    }

    [TestCase(Text, "a")]
    [TestCase("cortex+b+" + Text, "b")]
    [TestCase("cortex+a+" + Text, "a")]
    [TestCase("test://template/5/data", "a")]
    [TestCase("cortex+b+test://template/5/data", "b")]
    [TestCase("test://only-b", "b")]
    [TestCase("cortex+b+test://only-b", "b")]
    [TestCase("test://unlisted", "a")]
    [TestCase("cortex+b+test://unlisted", "b")]
    [TestCase("cortex+b+other://x", null)]
    [TestCase("cortex+c+" + Text, null)]
    [TestCase("other://x", null)]
    public void Uri_goes_to_one_backend(string uri, string? expected)
    {
        var snapshot = CatalogMerge.Merge([Backend("a", Text, Template), Backend("b", Text, Template, "test://only-b")]).Snapshot;

        Assert.That(snapshot.FindResource(uri)?.Backend.Id.Value, Is.EqualTo(expected));
        Assert.That(snapshot.ResourceUris.TryToOriginal(uri, out var backend, out var original), Is.EqualTo(expected is not null));
        if (expected is not null)
            Assert.That((backend.Value, original), Is.EqualTo((expected, uri.Split('+')[^1])));
    }

    [TestCase(Text, "cortex+b+" + Text)]
    [TestCase("test://template/5/data", "cortex+b+test://template/5/data")]
    [TestCase("test://only-b", "test://only-b")]
    [TestCase("test://unlisted", "cortex+b+test://unlisted")]
    [TestCase("other://x", "other://x")]
    [TestCase("cortex+b+" + Text, "cortex+b+" + Text)]
    [TestCase("no uri", "no uri")]
    public void Uri_that_a_later_backend_mentions_leads_back_to_it(string original, string expected)
    {
        var uris = CatalogMerge.Merge([Backend("a", Text, Template), Backend("b", Text, Template, "test://only-b")]).Snapshot.ResourceUris;

        Assert.That(uris.Renames(B));
        Assert.That(uris.ToPublic(B, original), Is.EqualTo(expected));
    }

    [Test]
    public void Uri_of_the_first_backend_is_renamed_only_where_another_lists_it()
    {
        var uris = CatalogMerge.Merge([Backend("a", Template), Backend("b", "test://template/7/data")]).Snapshot.ResourceUris;

        Assert.That(uris.ToPublic(A, "test://template/5/data"), Is.EqualTo("test://template/5/data"));
        Assert.That(uris.ToPublic(A, "test://template/7/data"), Is.EqualTo("cortex+a+test://template/7/data"));
        Assert.That(uris.ToPublic(B, "test://template/7/data"), Is.EqualTo("test://template/7/data"));
    }

    [Test]
    public void Backend_that_shares_no_scheme_renames_nothing()
    {
        var uris = CatalogMerge.Merge([Backend("a", Text), Backend("b", "other://x", "other://{id}"), Backend("c", Text)]).Snapshot.ResourceUris;

        Assert.That(uris.Renames(A) && uris.Renames(BackendId.Parse("c")));
        Assert.That(uris.Renames(B), Is.False);
        Assert.That(uris.Renames(BackendId.Parse("none")), Is.False);
        Assert.That(uris.ToPublic(B, "other://y"), Is.EqualTo("other://y"));
    }

    [Test]
    public void Web_address_that_nobody_lists_stays_one()
    {
        var snapshot = CatalogMerge.Merge([Backend("a", "https://example.com/1"), Backend("b", "https://example.com/1")]).Snapshot;

        Assert.That(snapshot.ResourceUris.ToPublic(B, "https://example.com/1"), Is.EqualTo("cortex+b+https://example.com/1"));
        Assert.That(snapshot.ResourceUris.ToPublic(B, "https://example.com/2"), Is.EqualTo("https://example.com/2"));
        Assert.That(snapshot.FindResource("https://example.com/2"), Is.Null);
    }

    [Test]
    public void Uri_a_backend_made_to_look_like_another_backends_is_renamed()
    {
        var snapshot = CatalogMerge.Merge([Backend("b", $"cortex+z+{Text}"), Backend("z", Text)]).Snapshot;

        Assert.That(snapshot.FindResource($"cortex+z+{Text}")!.Backend.Id.Value, Is.EqualTo("z"));
        Assert.That(snapshot.FindResource($"cortex+b+cortex+z+{Text}")!.Backend.Id, Is.EqualTo(B));
        Assert.That(snapshot.ResourceUris.ToPublic(B, $"cortex+z+{Text}"), Is.EqualTo($"cortex+b+cortex+z+{Text}"));
    }

    [Test]
    public void Uri_listed_twice_by_one_backend_is_reported_and_listed_once()
    {
        var result = CatalogMerge.Merge([Backend("a", Text), Backend("b", Text, Text)]);

        Assert.That(result.Snapshot.Items, Has.Count.EqualTo(2));
        Assert.That(result.Faults.Single().Backend, Is.EqualTo(B));
    }

    [Test]
    public void Tools_are_shown_with_the_public_uri_of_their_resource()
    {
        var tool = Item(CatalogKind.Tool, "show", new JsonObject
        {
            ["name"] = "show",
            ["_meta"] = new JsonObject { ["ui"] = new JsonObject { ["resourceUri"] = "ui://view", ["x"] = 1.0 }, ["ui/resourceUri"] = "ui://view" },
        });
        var snapshot = CatalogMerge.Merge([Backend("a", tool, Address("ui://view")), Backend("b", tool, Address("ui://view"))]).Snapshot;

        Assert.That(Linked("a_show"), Is.EqualTo(("ui://view", "ui://view")));
        Assert.That(Linked("b_show"), Is.EqualTo(("cortex+b+ui://view", "cortex+b+ui://view")));

        (string?, string?) Linked(string name)
        {
            var meta = JsonNode.Parse(snapshot.Find(CatalogKind.Tool, name)!.Json.Span)!["_meta"]!;
            return ((string?)meta["ui"]!["resourceUri"], (string?)meta["ui/resourceUri"]);
        }
    }

    [Test]
    public void Public_form_of_whatever_a_backend_mentions_leads_back_to_it()
    {
        string[] addresses = ["test://x", "test://x/1", "test://{id}", "test://x/{id}", "test://{+path}", "other://x", "other://{id}", "cortex+b+test://x"];
        string[] mentions = ["test://x", "test://x/1", "test://x/2", "test://y", "test://y/z", "other://x", "other://z", "cortex+b+test://x"];
        Gen.Select(Gen.Shuffle(addresses, 0, 5).Array[3], Gen.OneOf([.. mentions.Select(mention => Gen.Const(mention))])).Sample((listed, mention) =>
        {
            var snapshot = CatalogMerge.Merge([.. listed.Select((some, i) => Backend($"{"abc"[i]}", some))]).Snapshot;
            for (var i = 0; i < listed.Length; i++)
            {
                var backend = BackendId.Parse($"{"abc"[i]}");
                if (!listed[i].Any(address => address.Split(':')[0] == mention.Split(':')[0]))
                    continue;
                var known = snapshot.ResourceUris.ToPublic(backend, mention);
                Assert.That(snapshot.ResourceUris.TryToOriginal(known, out var owner, out var original), known);
                Assert.That((owner, original), Is.EqualTo((backend, mention)), known);
            }

            foreach (var item in snapshot.Items.Where(item => item.Kind == CatalogKind.Resource))
            {
                Assert.That(snapshot.FindResource(item.PublicName), Is.SameAs(item));
                Assert.That(snapshot.ResourceUris.ToPublic(item.Backend.Id, item.OriginalName), Is.EqualTo(item.PublicName));
            }
        });
    }
}
