using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Cortex.Governance.Audit;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests;

/// <summary>
/// Attack: headers that claim to be a proxy's, sent to a gateway that trusts another one (false) and to one that trusts the sender (true). Only the
/// latter believes what they say of the request, and neither lets them say who the gateway is.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class ForwardedHeaderAttackTests(bool isTrusted)
{
    private const string Evil = "evil.example";
    private const string Address = "203.0.113.77";
    private const int Registrations = 2;

    private SharedWriter _audit = null!;
    private OpenIdProvider _provider = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _http = null!;

    private string OwnHost => new Uri(_gateway.Url).Authority;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _audit = new SharedWriter();
        var port = ServerProcess.FreePort();
        _provider = await OpenIdProvider.StartAsync($"http://localhost:{port}/signin/oidc/sso");
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, OpenIdProvider.ClientSecret);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            gateway: { trustedProxies: [{{(isTrusted ? "'127.0.0.0/8', '::1'" : "'192.0.2.1'")}}] }
            limits: { registrations: { addressPerHour: {{Registrations}}, networkPerHour: off } }
            identity:
              authorizationServer:
                signIn: [development, oidc]
                clients: [{ id: desk, redirectUris: ['{{TestClient.RedirectUri}}'] }]
                providers: { sso: { issuer: "{{_provider.Issuer}}", clientId: {{OpenIdProvider.ClientId}}, clientSecret: "${file:{{secret}}}" } }
            """,
            port: port,
            customize: builder => builder.Services.AddSingleton(new AuditOutput(_audit)));
        File.Delete(secret);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(_gateway.ListensAt) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
        await _audit.DisposeAsync();
    }

    [Test]
    public async Task Issuer_and_endpoints_are_the_configured_ones()
    {
        using var reply = await SendAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server", host: isTrusted ? OwnHost : Evil);
        using var foreign = await SendAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server", host: Evil);
        using var unauthenticated = await SendAsync(HttpMethod.Get, "/mcp", host: isTrusted ? OwnHost : Evil);

        var metadata = await reply.Content.ReadAsStringAsync();
        Assert.That(JsonElement.Parse(metadata).GetProperty("issuer").GetString(), Is.EqualTo(_gateway.Url + "/"));
        Assert.That(metadata, Does.Not.Contain(Evil).And.Not.Contain("https://localhost"));
        Assert.That(foreign.StatusCode, Is.EqualTo(isTrusted ? HttpStatusCode.Forbidden : HttpStatusCode.OK), "a host that counts must be the gateway's own");
        Assert.That(unauthenticated.Headers.WwwAuthenticate.ToString(), Does.Contain($"\"{_gateway.Url}/.well-known/oauth-protected-resource"));
    }

    [Test]
    public async Task Redirects_lead_to_the_gateway_and_to_the_client_alone()
    {
        var client = new TestClient(_http, _gateway.Url, JsonElement.Parse("""{"client_id":"desk"}"""));
        using var toSignIn = await SendAsync(HttpMethod.Get, client.AuthorizeUrl(("scope", "openid")).PathAndQuery, host: isTrusted ? OwnHost : Evil);
        using var toProvider = await PressAsync();

        Assert.That(new Uri(new Uri(_gateway.Url), toSignIn.Headers.Location!).GetLeftPart(UriPartial.Path), Is.EqualTo($"{_gateway.Url}/signin"));
        Assert.That(toProvider.StatusCode, Is.EqualTo(HttpStatusCode.Redirect), await toProvider.Content.ReadAsStringAsync());
        Assert.That(toProvider.Headers.Location!.OriginalString, Does.StartWith(_provider.Issuer), "which took the pushed redirect URI, and knows but the right one");
    }

    [Test]
    public async Task Cookies_follow_the_public_address_and_not_what_a_header_says_of_the_scheme()
    {
        using var page = await SendAsync(HttpMethod.Get, "/signin", host: isTrusted ? OwnHost : Evil);

        var cookie = page.Headers.GetValues("Set-Cookie").Single();
        Assert.That(cookie, Does.StartWith("cortex-form=").And.Contain("path=/").And.Contain("httponly").And.Not.Contain("domain=").IgnoreCase);
        Assert.That(cookie, Does.Not.Contain("secure").IgnoreCase, "the public address is http, and a browser would drop it");
    }

    [Test]
    public async Task Limits_count_the_address_that_a_trusted_proxy_tells_and_otherwise_the_senders()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i <= Registrations; i++)
        {
            using var reply = await SendAsync(HttpMethod.Post, "/oauth/register", host: isTrusted ? OwnHost : Evil, address: $"198.51.100.{i}", content: JsonContent.Create(new
            {
                redirect_uris = new[] { TestClient.RedirectUri },
                token_endpoint_auth_method = "none",
            }));
            statuses.Add(reply.StatusCode);
        }

        Assert.That(statuses[..Registrations], Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(statuses[^1], Is.EqualTo(isTrusted ? HttpStatusCode.Created : HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task Audit_holds_nothing_of_them()
    {
        using var refused = await SendAsync(HttpMethod.Get, "/mcp", host: isTrusted ? OwnHost : Evil);

        Assert.That(await Eventually.HoldsAsync(() => _audit.ToString().Contains("unauthenticated", StringComparison.Ordinal)));
        Assert.That(_audit.ToString(), Does.Not.Contain(Evil).And.Not.Contain(Address));
    }

    /// <summary>Presses the provider's button with all the claims on.</summary>
    private async Task<HttpResponseMessage> PressAsync()
    {
        var host = isTrusted ? OwnHost : Evil;
        using var page = await SendAsync(HttpMethod.Get, "/signin", host: host);
        var form = HtmlForm.ReadAll(new Uri(_gateway.Url), await page.Content.ReadAsStringAsync()).Single(form => form.Action.AbsolutePath.EndsWith("/start", StringComparison.Ordinal));
        var cookie = page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        return await SendAsync(HttpMethod.Post, form.Action.AbsolutePath, host: host, cookie: cookie, content: new FormUrlEncodedContent(BrowserlessSignIn.FillConsent(form, "", _ => true)));
    }

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string host, string address = Address, string? cookie = null, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("X-Forwarded-For", address);
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", host);
        request.Headers.Add("Forwarded", $"for={address};proto=https;host={Evil}");
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return _http.SendAsync(request);
    }
}
