using Cortex.Identity.AuthorizationServer.ClientDocuments;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.ClientDocuments;

/// <summary>Which client ids are addresses of documents.</summary>
internal sealed class ClientIdUrlTests
{
    [TestCase("https://client.example/oauth/client.json")]
    [TestCase("https://client.example:8443/c")]
    [TestCase("https://client.example/c/")]
    [TestCase("https://xn--bcher-kva.example/c")]
    [TestCase("https://client.example/%C3%BC")]
    public void Https_address_with_a_path_is_one(string text)
    {
        Assert.That(ClientIdUrl.TryParse(text, out var id));
        Assert.That(id.Value, Is.EqualTo(text));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("c_0123")]
    [TestCase("http://client.example/c", Description = "anyone on the way could change it")]
    [TestCase("HTTPS://client.example/c", Description = "another spelling of the same")]
    [TestCase("https://CLIENT.example/c")]
    [TestCase("https://client.example")]
    [TestCase("https://client.example/", Description = "no path")]
    [TestCase("https://client.example:443/c", Description = "the port of https, spelled out")]
    [TestCase("https://client.example:0443/c")]
    [TestCase("https://client.example:/c")]
    [TestCase("https://client.example:99999/c")]
    [TestCase("https://client.example:8443@evil.example/c", Description = "a user and a password that look like host and port")]
    [TestCase("https://user@client.example/c")]
    [TestCase("https://client.example/c?x=1")]
    [TestCase("https://client.example/c?")]
    [TestCase("https://client.example/c#x")]
    [TestCase("https://client.example/c#")]
    [TestCase("https://client.example/a/../c")]
    [TestCase("https://client.example/./c")]
    [TestCase("https://client.example/%2e%2e/c")]
    [TestCase("https://client.example\\evil.example/c")]
    [TestCase("https:\\\\client.example/c")]
    [TestCase("https:///c")]
    [TestCase("https://client.example/c d")]
    [TestCase("https://client.example/\nc")]
    [TestCase("https://b\u00fccher.example/c")]
    [TestCase("https://0x7f.1/c", Description = "loopback, in disguise")]
    [TestCase("https://2130706433/c", Description = "loopback, in disguise")]
    public void Anything_else_is_none(string? text) => Assert.That(ClientIdUrl.TryParse(text, out _), Is.False);
}
