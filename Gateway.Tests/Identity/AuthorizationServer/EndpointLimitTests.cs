using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Floods at the endpoints that anyone can reach, and headers that claim to come from elsewhere.</summary>
internal sealed class EndpointLimitTests
{
    private static readonly object Metadata = new { redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = "none" };

    [TestCase("addressPerHour: 2", "registrations.address")]
    [TestCase("networkPerHour: 2", "registrations.network")]
    [TestCase("perDay: 2", "registrations.total")]
    public async Task Registration_over_the_limit_is_429_and_counts_when_it_is_malformed_too(string limit, string name)
    {
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, $"limits: {{ registrations: {{ {limit} }} }}");
        await server.Http.PostAsJsonAsync("/oauth/register", new { });
        await TestClient.RegisterAsync(server);

        using var reply = await server.Http.PostAsJsonAsync("/OAUTH/register", Metadata);

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(reply.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That((await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString(), Is.EqualTo("temporarily_unavailable"));
        Assert.That(await Eventually.HoldsAsync(() => server.AuditLines.Contains($"over the limit {name}", StringComparison.Ordinal)), server.AuditLines);

        server.Time.Advance(TimeSpan.FromDays(1));
        await TestClient.RegisterAsync(server);
    }

    [Test]
    public async Task Token_requests_of_one_client_are_limited_without_hurting_another()
    {
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, "limits: { tokenRequests: { clientPerMinute: 2 } }");
        var (one, other) = (await TestClient.RegisterAsync(server), await TestClient.RegisterAsync(server));
        await one.RefreshAsync("guess-1");
        await one.RefreshAsync("guess-2");

        var refused = await one.RefreshAsync("guess-3");
        var basic = await PostTokenAsync(server, one.Id);

        Assert.That((refused.Status, refused.Error), Is.EqualTo((HttpStatusCode.TooManyRequests, "temporarily_unavailable")));
        Assert.That(basic, Is.EqualTo(HttpStatusCode.TooManyRequests), "the header names the client as well as the form does");
        Assert.That((await other.GetTokensAsync()).AccessToken, Is.Not.Empty);
    }

    [Test]
    public async Task Token_requests_from_one_address_are_limited_whatever_client_they_name()
    {
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, "limits: { tokenRequests: { addressPerMinute: 2 } }");

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
            statuses.Add(await PostTokenAsync(server, $"guess-{i}"));

        Assert.That(statuses[^1], Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(statuses[..2], Has.None.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task Sign_in_forms_from_one_address_are_limited_with_a_page()
    {
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, "limits: { signIns: { addressPerMinute: 2 } }");
        using var browser = new FormBrowser();
        BrowserPage? page = null;
        for (var i = 0; i < 3; i++)
            page = await browser.PostAsync(new Uri(server.Url + "/signin/development"), [KeyValuePair.Create("email", $"guess{i}@example.com")], CancellationToken.None);

        Assert.That(page!.Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(page.Html, Does.Contain("Too many attempts"));
        Assert.That(page.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That((await browser.GetAsync(new Uri(server.Url + "/signin"), CancellationToken.None)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("gateway: {}", false)]
    [TestCase("gateway: { trustedProxies: ['192.0.2.1'] }", false)]
    [TestCase("gateway: { trustedProxies: ['127.0.0.1', '::1'] }", true)]
    public async Task Forwarded_address_counts_from_a_trusted_proxy_and_from_nobody_else(string gateway, bool counts)
    {
        await using var host = await GatewayHost.StartAsync($"{gateway}\nlimits: {{ registrations: {{ addressPerHour: 2, networkPerHour: off }} }}");
        using var http = new HttpClient();

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
            statuses.Add(await RegisterAsync(http, host, $"203.0.113.{i}"));

        Assert.That(statuses.Contains(HttpStatusCode.TooManyRequests), Is.EqualTo(!counts), string.Join(' ', statuses));
    }

    [Test]
    public async Task Address_that_a_client_adds_in_front_of_a_trusted_proxys_does_not_count()
    {
        await using var host = await GatewayHost.StartAsync(
            "gateway: { trustedProxies: ['127.0.0.1', '::1'] }\nlimits: { registrations: { addressPerHour: 2, networkPerHour: off } }");
        using var http = new HttpClient();

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
            statuses.Add(await RegisterAsync(http, host, $"203.0.113.{i}, 198.51.100.7"));

        Assert.That(statuses[^1], Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task Addresses_behind_a_chain_of_trusted_proxies_are_told_apart()
    {
        await using var host = await GatewayHost.StartAsync(
            "gateway: { trustedProxies: ['127.0.0.1', '::1', '198.51.100.0/24'] }\nlimits: { registrations: { addressPerHour: 1, networkPerHour: off } }");
        using var http = new HttpClient();

        Assert.That(await RegisterAsync(http, host, "203.0.113.1, 198.51.100.7"), Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await RegisterAsync(http, host, "203.0.113.2, 198.51.100.7"), Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await RegisterAsync(http, host, "203.0.113.1, 198.51.100.8"), Is.EqualTo(HttpStatusCode.TooManyRequests));
    }

    private static async Task<HttpStatusCode> RegisterAsync(HttpClient http, GatewayHost host, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{host.ListensAt}/oauth/register")) { Content = JsonContent.Create(Metadata) };
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var reply = await http.SendAsync(request);
        return reply.StatusCode;
    }

    private static async Task<HttpStatusCode> PostTokenAsync(AuthorizationServerHost server, string client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{client}:secret")));
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("refresh_token", "guess")]);
        using var reply = await server.Http.SendAsync(request);
        return reply.StatusCode;
    }
}
