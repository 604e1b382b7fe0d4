using Cortex.Tests.Fixtures;
using NUnit.Framework;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Cortex.Tests.Identity.Credentials;

/// <summary>Ordinary HTTP traffic beside MCP: the caller's credentials end at the gateway there too.</summary>
internal sealed class PlainRouteTests
{
    [Test]
    public async Task Plain_route_passes_neither_credentials_nor_claims_about_identity_but_what_the_operator_sets()
    {
        using var app = WireMockServer.Start();
        app.Given(Request.Create().WithPath("/app/*")).RespondWith(Response.Create().WithBody("ok"));
        await using var gateway = await GatewayHost.StartAsync($$"""
            reverseProxy:
              routes:
                app:
                  clusterId: app
                  match: { path: '/app/{**rest}' }
                  transforms: [{ requestHeader: X-Api-Key, set: technical }, { requestHeader: X-Cortex-Pool, set: north }]
              clusters:
                app: { destinations: { one: { address: '{{app.Url}}' } } }
            """);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Url + "/app/page");
        foreach (var name in new[] { "Authorization", "Cookie", "X-Cortex-User-Id", "X-Forwarded-User", "Forwarded", "X-Request-ID" })
            request.Headers.TryAddWithoutValidation(name, "from the caller");

        using var response = await client.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("ok"));
        var received = app.LogEntries.Single().RequestMessage!.Headers!;
        Assert.That(
            received.Where(header => header.Value.Contains("from the caller")).Select(header => header.Key),
            Is.EqualTo(new[] { "X-Request-ID" }));
        Assert.That(received["X-Api-Key"], Is.EqualTo(new[] { "technical" }));
        Assert.That(received["X-Cortex-Pool"], Is.EqualTo(new[] { "north" }));
    }
}
