using System.Text;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Mcp.Forwarding;
using Cortex.Tests.Catalog;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Every place of a server's messages at which a resource is mentioned.</summary>
internal sealed class ResourceUriRulesTests
{
    private static readonly ResourceUris Uris = CatalogMerge.Merge(
        [CatalogSamples.Backend("a", "test://x"), CatalogSamples.Backend("b", "test://x", "test://own"), CatalogSamples.Backend("c", "other://x")]).Snapshot.ResourceUris;

    [TestCase("""{"result":{"contents":[{"uri":"@"},{"uri":"@","text":"test://x"}]}}""")]
    [TestCase("""{"result":{"content":[{"type":"resource_link","uri":"@","name":"n"},{"type":"resource","resource":{"uri":"@"}}],"isError":false}}""")]
    [TestCase("""{"result":{"messages":[{"content":{"uri":"@"}},{"content":{"resource":{"uri":"@"}}},{"content":[{"uri":"@"},{"resource":{"uri":"@"}}]}]}}""")]
    [TestCase("""{"result":{"_meta":{"ui":{"resourceUri":"@"},"ui/resourceUri":"@"}}}""")]
    [TestCase("""{"method":"notifications/resources/updated","params":{"uri":"@"}}""")]
    [TestCase("""{"error":{"code":-32602,"message":"test://x","data":{"uri":"@"}}}""")]
    [TestCase("""{"result":{"structuredContent":{"uri":"test://x"},"content":[{"type":"text","text":"test://x"}],"uri":"test://x"}}""")]
    public void Mention_of_a_shared_resource_gets_its_public_form(string template)
    {
        Assert.That(Rewrite("b", template.Replace("@", "test://x")), Is.EqualTo(template.Replace("@", "cortex+b+test://x")));
        Assert.That(Rewrite("b", template.Replace("@", "test:\\/\\/x")), Is.EqualTo(template.Replace("@", "cortex+b+test://x")));
        Assert.That(Rewrite("b", template.Replace("@", "test:\\/\\/own")), Is.EqualTo(template.Replace("@", "test:\\/\\/own")));
        Assert.That(Rewrite("a", template.Replace("@", "test:\\/\\/x")), Is.EqualTo(template.Replace("@", "test:\\/\\/x")));
    }

    [TestCase("""{"result":{"contents":[{"uri":null},{"uri":["test://x"]},{"uri":1},{"uri":"\ud800"},"test://x"]}}""")]
    public void What_is_no_uri_passes(string message) => Assert.That(Rewrite("b", message), Is.EqualTo(message));

    [TestCase("""{"uri":"test://x","x":1}""", """{"uri":"cortex+b+test://x","x":1}""")]
    [TestCase("""[1]""", """[1]""")]
    [TestCase("""{"uri":"test://x","uri":"test://x"}""", "")]
    [TestCase("", "")]
    public void Data_of_an_error_gets_the_public_form_or_goes(string data, string expected) =>
        Assert.That(Encoding.UTF8.GetString(ResourceUriRules.ToPublicErrorData(Encoding.UTF8.GetBytes(data), Uris, BackendId.Parse("b")).Span), Is.EqualTo(expected));

    [Test]
    public void Backend_that_shares_nothing_has_no_maps() => Assert.That(ResourceUriRules.MapsOf(Uris, BackendId.Parse("c")), Is.Empty);

    [Test]
    public void Rules_hold_for_every_pair_of_eras()
    {
        foreach (var client in Enum.GetValues<Era>())
        {
            foreach (var server in Enum.GetValues<Era>())
            {
                var sealsState = client == Era.Modern && server == Era.Modern;
                Assert.That(NativeRules.For(client, server, "resources/read", renames: true).Rules.MapsNeeded, Is.EqualTo(2));
                Assert.That(NativeRules.For(client, server, "tools/call", renames: true).Rules.MapsNeeded, Is.EqualTo(2));
                Assert.That(NativeRules.For(client, server, "tools/call", renames: false).Rules.MapsNeeded, Is.EqualTo(sealsState ? 1 : 0));
            }
        }
    }

    private static string Rewrite(string backend, string message)
    {
        var rules = new JsonRewriteRulesBuilder();
        ResourceUriRules.AddTo(rules, 0);
        using var output = new PooledBuffer();
        var rewriter = new JsonStreamRewriter(rules.Build(), ResourceUriRules.MapsOf(Uris, BackendId.Parse(backend)));
        rewriter.Write(Encoding.UTF8.GetBytes(message), output);
        Assert.That(rewriter.Complete().IsNone);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
