using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests;

/// <summary>A gateway whose public address is https, behind a proxy that ends TLS, and headers that claim to be that proxy's.</summary>
internal sealed class TrustedProxyTests
{
    private const string PublicUrl = "https://gateway.example";

    private GatewayHost _behind = null!;
    private GatewayHost _elsewhere = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _behind = await GatewayHost.StartAsync("gateway: { trustedProxies: ['127.0.0.0/8', '::1'] }", dialect: DatabaseDialect.Sqlite, publicUrl: PublicUrl);
        _elsewhere = await GatewayHost.StartAsync("gateway: { trustedProxies: ['10.9.9.9'] }", dialect: DatabaseDialect.Sqlite, publicUrl: PublicUrl);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _elsewhere.DisposeAsync();
        await _behind.DisposeAsync();
    }

    [Test]
    public async Task Scheme_that_a_trusted_proxy_tells_counts()
    {
        using var reply = await SendAsync(_behind, HttpMethod.Post, "/oauth/token", content: new FormUrlEncodedContent([]));

        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Not.Contain("HTTPS"));
    }

    [Test]
    public async Task Scheme_that_anybody_else_claims_does_not_count()
    {
        using var reply = await SendAsync(_elsewhere, HttpMethod.Post, "/oauth/token", content: new FormUrlEncodedContent([]));

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain("HTTPS"));
    }

    [Test]
    public async Task Host_that_a_trusted_proxy_tells_counts()
    {
        using var own = await SendAsync(_behind, HttpMethod.Get, "/signin");
        using var foreign = await SendAsync(_behind, HttpMethod.Get, "/signin", host: "evil.example");

        Assert.That((own.StatusCode, foreign.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task Host_that_anybody_else_claims_does_not_count()
    {
        using var claimed = new HttpRequestMessage(HttpMethod.Get, new Uri(_elsewhere.ListensAt + "/.well-known/oauth-protected-resource"));
        claimed.Headers.Host = "evil.example";
        claimed.Headers.Add("X-Forwarded-Host", "gateway.example");

        using var reply = await _http.SendAsync(claimed);

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Cookies_are_bound_to_this_host_and_to_https()
    {
        var (session, cookies) = await SignInAsync(_behind);

        Assert.That(session, Does.StartWith("__Host-cortex="));
        Assert.That(cookies, Has.Count.EqualTo(2));
        foreach (var cookie in cookies)
        {
            Assert.That(cookie, Does.StartWith("__Host-"));
            Assert.That(cookie, Does.Contain("; path=/").IgnoreCase.And.Contain("; secure").IgnoreCase.And.Contain("; httponly").IgnoreCase);
            Assert.That(cookie, Does.Not.Contain("domain=").IgnoreCase);
        }
    }

    [Test]
    public async Task Session_of_one_replica_is_valid_at_the_other()
    {
        await using var other = await GatewayHost.StartAsync("gateway: { trustedProxies: ['127.0.0.0/8', '::1'] }", _behind.Storage, publicUrl: PublicUrl);
        var (session, _) = await SignInAsync(_behind);

        using var reply = await SendAsync(other, HttpMethod.Get, "/signin", cookie: session);

        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain("Signed in as Alice Archer"));
    }

    /// <summary>Signs in through the proxy; gives the session's cookie and the headers that set it and the form's.</summary>
    private async Task<(string Session, IReadOnlyList<string> Headers)> SignInAsync(GatewayHost gateway)
    {
        using var page = await SendAsync(gateway, HttpMethod.Get, "/signin");
        var formCookie = page.Headers.GetValues("Set-Cookie").Single();
        var form = HtmlForm.ReadAll(new Uri(PublicUrl), await page.Content.ReadAsStringAsync())[0];
        using var content = new FormUrlEncodedContent(BrowserlessSignIn.FillConsent(form, "alice@example.com", _ => true));
        using var reply = await SendAsync(gateway, HttpMethod.Post, "/signin/development", cookie: formCookie.Split(';')[0], content: content);
        var sessionCookie = reply.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Host-cortex=", StringComparison.Ordinal));
        return (sessionCookie.Split(';')[0], [formCookie, sessionCookie]);
    }

    private Task<HttpResponseMessage> SendAsync(
        GatewayHost gateway, HttpMethod method, string path, string host = "gateway.example", string? cookie = null, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, new Uri(gateway.ListensAt + path)) { Content = content };
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", host);
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return _http.SendAsync(request);
    }
}
