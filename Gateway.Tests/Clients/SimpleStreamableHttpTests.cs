using Cortex.Foundation.Model;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>A server and a provider that are not of this project: linked, listed and called as the person.</summary>
internal sealed class SimpleStreamableHttpTests
{
    [Test]
    public async Task Example_server_of_the_TypeScript_SDK_is_linked_and_called([Values] bool modern)
    {
        await using var server = await SimpleStreamableHttpServer.StartAsync();
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              example: { kind: mcp, url: "{{server.Url}}", auth: linkedAccount, catalog: perPerson }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:example");
        Assert.That((await alice.CallAsync("example_greet", new() { ["name"] = "Alice" }, modern: modern)).Text, Does.Contain("/link/example/start"));

        using var browser = await LinkBrowser.SignInAsync(gateway, "alice@example.com");
        await browser.LinkAsync(BackendId.Parse("example"), "alice");

        var reply = await alice.CallAsync("example_greet", new() { ["name"] = "Alice" }, modern: modern);
        Assert.That(reply.IsToolError, Is.False, reply.Body);
        Assert.That(reply.Text, Is.EqualTo("Hello, Alice!"));
    }
}
