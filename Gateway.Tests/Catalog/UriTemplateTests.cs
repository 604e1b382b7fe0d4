using Cortex.Catalog;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

internal sealed class UriTemplateTests
{
    [TestCase("docs://{id}", "docs://a", true)]
    [TestCase("docs://{id}", "docs://a/b", false)]
    [TestCase("docs://{id}", "docs://", false)]
    [TestCase("docs://{+path}", "docs://a/b/c", true)]
    [TestCase("docs://{id}/data", "docs://a/data", true)]
    [TestCase("docs://{id}/data", "docs://a/b/data", false)]
    [TestCase("docs://{a}/{b}", "docs://x/y", true)]
    [TestCase("docs://x{?q}", "docs://x?q=1", true)]
    [TestCase("docs://x", "docs://x", true)]
    [TestCase("docs://x", "docs://xy", false)]
    [TestCase("docs://{broken", "docs://{broken", true)]
    [TestCase("docs://{id}", "other://a", false)]
    public void Template_matches(string template, string uri, bool expected) =>
        Assert.That(new UriTemplate(template).Matches(uri), Is.EqualTo(expected));
}
