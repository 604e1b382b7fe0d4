using System.Net;
using System.Net.Http.Headers;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using Cortex.Tests.Identity.Callers;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>The door of the operator API: floods, and tokens of issuers that are trusted for other things.</summary>
internal sealed class OperatorDoorTests
{
    private TestIssuer _issuer = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _issuer = new TestIssuer().WithOpenIdConfiguration();
        _gateway = await GatewayHost.StartAsync($$"""
            identity:
              admins: [alice@example.com, "{{_issuer.Issuer}} operator"]
              authorizationServer: { clients: [{ id: ops, redirectUris: ['{{TestClient.RedirectUri}}'], scopes: ['cortex:admin'] }] }
              issuers: [{ issuer: "{{_issuer.Issuer}}" }]
            limits: { operators: { perMinute: 3 } }
            """);
        _http = new HttpClient { BaseAddress = new Uri(_gateway.Url) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
        _issuer.Dispose();
    }

    [Test]
    public async Task Attack_flood_of_one_operator_is_429_and_says_when_to_come_again()
    {
        var client = new TestClient(_http, _gateway.Url, System.Text.Json.JsonElement.Parse("""{"client_id":"ops"}"""));
        var resource = $"{_gateway.Url}/api/admin";
        var code = await client.GetCodeAsync(client.AuthorizeUrl(("scope", "cortex:admin"), ("resource", resource)));
        var token = (await client.ExchangeAsync(code, ("resource", resource))).AccessToken;
        for (var n = 0; n < 3; n++)
        {
            using var let = await ListAsync(token);
            Assert.That(let.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        using var refused = await ListAsync(token);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(refused.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(refused.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
    }

    [TestCase("sam", "sam@example.com", TestName = "Attack_trusted_issuer_that_gives_somebody_the_scope_makes_no_operator")]
    [TestCase("mallory", "alice@example.com", TestName = "Attack_trusted_issuer_that_tells_the_address_of_an_operator_makes_none")]
    public async Task Foreign_token_is_refused(string subject, string email)
    {
        using var reply = await ListAsync(TokenOf(subject, email));

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(reply.Headers.WwwAuthenticate, Is.Empty, "no consent could help");
    }

    [Test]
    public async Task Person_of_a_trusted_issuer_who_is_named_by_issuer_and_subject_is_an_operator()
    {
        using var reply = await ListAsync(TokenOf("operator", "olga@example.com"));

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private string TokenOf(string subject, string email) => _issuer.Token(
        $"{_gateway.Url}/api/admin", ("sub", subject), ("scope", "cortex:admin"), ("email", email), ("email_verified", true));

    private async Task<HttpResponseMessage> ListAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/admin/plans");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _http.SendAsync(request);
    }
}
