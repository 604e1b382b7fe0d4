using Cortex.Catalog;
using Cortex.Foundation.Model;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

internal sealed class PublicUriTests
{
    [TestCase("docs", "test://x/y?q#f", "cortex+docs+test://x/y?q#f")]
    [TestCase("my_docs-2", "test://{id}", "cortex+my.docs-2+test://{id}")]
    [TestCase("a", "git+ssh://[::1]/x", "cortex+a+git+ssh://[::1]/x")]
    [TestCase("a", "cortex+b+test://x", "cortex+a+cortex+b+test://x")]
    public void Backend_and_original_are_read_from_what_was_written(string backend, string original, string expected)
    {
        var id = BackendId.Parse(backend);
        Assert.That(PublicUri.Of(id, original), Is.EqualTo(expected));
        Assert.That(PublicUri.TryParse(expected, out var named, out var read));
        Assert.That((named, read), Is.EqualTo((id, original)));
        Assert.That(PublicUri.OriginalFor(id, expected), Is.EqualTo(original));
        Assert.That(PublicUri.OriginalFor(BackendId.Parse("other"), expected), Is.SameAs(expected));
    }

    [TestCase("test://x")]
    [TestCase("cortex+")]
    [TestCase("cortex+a")]
    [TestCase("cortex++test://x")]
    [TestCase("cortex+a_b+test://x")]
    [TestCase("cortex+1+test://x")]
    [TestCase("cortex:test://x")]
    public void Other_uris_name_no_backend(string uri) => Assert.That(PublicUri.TryParse(uri, out _, out _), Is.False);

    [Test]
    public void Scheme_in_another_case_is_the_same() =>
        Assert.That(PublicUri.OriginalFor(BackendId.Parse("a_b"), "CORTEX+A.B+test://X"), Is.EqualTo("test://X"));

    [Test]
    public void Every_name_makes_a_scheme_of_its_own() =>
        Gen.Select(Gen.Char["abz019-_"].Array[0, 31], Gen.OneOf("test://x", "urn:a:b", "file:///x%20y")).Sample((rest, original) =>
        {
            var id = BackendId.Parse("b" + new string(rest));
            var uri = PublicUri.Of(id, original);
            Assert.That(Uri.CheckSchemeName(uri[..uri.IndexOf(':')]), uri);
            Assert.That(Uri.TryCreate(uri, UriKind.Absolute, out _), uri);
            return PublicUri.TryParse(uri, out var named, out var read) && named == id && read == original;
        });
}
