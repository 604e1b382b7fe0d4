using System.Net;
using System.Text;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests;

/// <summary>Under which host names the gateway answers: no page gets in by pointing its own name at the gateway's address.</summary>
internal sealed class HostTests
{
    private CaptureBackend _backend = null!;
    private GatewayHost _gateway = null!;
    private GatewayHost _behindProxy = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _backend = await CaptureBackend.StartAsync();
        _gateway = await GatewayHost.StartAsync(
            $$"""
            gateway: { allowedHosts: [gateway.internal, "*.cortex.example", "10.1.2.3"] }
            reverseProxy:
              routes: { shop: { clusterId: shop, authorizationPolicy: anonymous, match: { hosts: [shop.example.com], path: "/shop/{**rest}" } } }
              clusters: { shop: { destinations: { one: { address: "{{_backend.Url}}" } } } }
            """);
        _behindProxy = await GatewayHost.StartAsync("gateway: { trustedProxies: [127.0.0.1, '::1'], allowedHosts: [mcp.example.com] }");
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "openid");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _behindProxy.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [TestCase("localhost")]
    [TestCase("LOCALHOST:1")]
    [TestCase("127.0.0.1:9999")]
    [TestCase("127.8.8.8")]
    [TestCase("[::1]:8080")]
    [TestCase("gateway.internal:8443")]
    [TestCase("a.b.cortex.example")]
    [TestCase("10.1.2.3")]
    public async Task Request_under_an_own_name_is_served(string host)
    {
        var reply = await _alice.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", request => request.Headers.Host = host);
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
    }

    [TestCase("evil.example")]
    [TestCase("localhost.evil.example")]
    [TestCase("cortex.example")]
    [TestCase("evilcortex.example")]
    [TestCase("128.0.0.1")]
    [TestCase("10.1.2.4")]
    [TestCase("[::2]")]
    public async Task Request_under_a_foreign_name_is_refused_and_told_the_mend(string host)
    {
        var reply = await _alice.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", request => request.Headers.Host = host);
        Assert.That(reply.Status, Is.EqualTo(403));
        Assert.That(reply.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(reply.Body, Does.Contain("gateway.allowedHosts").And.Contain(_gateway.Url));
    }

    [TestCase("/mcp")]
    [TestCase("/%6DCP/x")]
    [TestCase("/.well-known/oauth-protected-resource/mcp")]
    [TestCase("/.well-known/oauth-authorization-server")]
    [TestCase("/.well-known/openid-configuration")]
    [TestCase("/.well-known/jwks.json")]
    [TestCase("/oauth/authorize")]
    [TestCase("/identity/.well-known/jwks.json")]
    [TestCase("/signin")]
    [TestCase("/console")]
    [TestCase("/api/admin/backends")]
    [TestCase("/-/backends/notes")]
    public async Task Own_endpoint_is_closed_under_a_foreign_name(string path)
    {
        Assert.That(await StatusAsync(_gateway, path, "evil.example"), Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("/healthz")]
    [TestCase("/readyz")]
    [TestCase("/metrics")]
    public async Task Probe_answers_under_any_name(string path)
    {
        Assert.That(await StatusAsync(_gateway, path, "10.42.0.7:8080"), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Plain_route_serves_the_hosts_of_its_match()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_gateway.Url}/shop/list")
        {
            Content = new StringContent("""{"method":"buy"}""", Encoding.UTF8, "application/json"),
            Headers = { Host = "shop.example.com" },
        };
        using var http = new HttpClient();
        using var reply = await http.SendAsync(request);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_backend.Calls("buy"), Has.Count.EqualTo(1));
    }

    [TestCase("cortex-7f9c:8080", "mcp.example.com", HttpStatusCode.OK)]
    [TestCase("localhost", "evil.example", HttpStatusCode.Forbidden)]
    [TestCase("cortex-7f9c:8080", null, HttpStatusCode.Forbidden)]
    public async Task Behind_a_trusted_proxy_the_forwarded_name_counts(string host, string? forwarded, HttpStatusCode expected)
    {
        Assert.That(await StatusAsync(_behindProxy, "/.well-known/jwks.json", host, forwarded), Is.EqualTo(expected));
    }

    [Test]
    public async Task Forwarded_name_from_anybody_else_counts_for_nothing()
    {
        Assert.That(await StatusAsync(_gateway, "/.well-known/jwks.json", "evil.example", "localhost"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await StatusAsync(_gateway, "/.well-known/jwks.json", "localhost", "evil.example"), Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<HttpStatusCode> StatusAsync(GatewayHost gateway, string path, string host, string? forwarded = null)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.ListensAt + path) { Headers = { Host = host } };
        if (forwarded is not null)
            request.Headers.Add("X-Forwarded-Host", forwarded);
        using var reply = await http.SendAsync(request);
        return reply.StatusCode;
    }
}
