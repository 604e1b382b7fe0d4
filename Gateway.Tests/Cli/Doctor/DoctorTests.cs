using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Cli.Doctor;
using Cortex.Cli.Findings;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Doctor;

/// <summary><c>cortex doctor</c> against a real gateway behind a proxy: first one that does its work, then one with each fault.</summary>
internal sealed class DoctorTests
{
    private const string Secret = "a-secret-of-the-doctor-0123456789";

    private readonly ProxyCertificates _certificates = new();

    private string _secretFile = "";
    private string _token = "";
    private FrontProxy _proxy = null!;
    private GatewayHost _gateway = null!;

    private string Url => _proxy.Url + "/mcp";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _secretFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(_secretFile, Secret);
        _proxy = await FrontProxy.StartAsync(_certificates.Good);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            gateway:
              trustedProxies: ['127.0.0.0/8', '::1']
              streams: { keepAlive: 1s }
            identity:
              defaultScopes: ['mcp:notes:read']
              authorizationServer:
                clients: [{ id: doctor, secret: '${file:{{_secretFile}}}', grants: [client_credentials], scopes: ['mcp:notes:read'] }]
            """,
            dialect: DatabaseDialect.Sqlite,
            publicUrl: _proxy.Url);
        _proxy.Target = _gateway.ListensAt;
        _token = await GetTokenAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _proxy.DisposeAsync();
        _certificates.Dispose();
        File.Delete(_secretFile);
    }

    [TearDown]
    public void Mend() => _proxy.Mend();

    [Test]
    public async Task Sound_deployment_has_nothing_to_mend([Values] bool hasToken)
    {
        var run = await RunAsync(hasToken, "--watch", "60", "--register");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Faults, Is.Empty, run.Output);
            Assert.That(run.Warnings, Is.Empty, run.Output);
            Assert.That(run.Exit, Is.Zero);
            Assert.That(run.Output, Does.Not.Contain(_token));
            Assert.That(run.Findings.Any(finding => finding.Check == FaultIds.StreamAlive), Is.EqualTo(hasToken));
        }
    }

    [Test]
    public async Task Person_sees_a_line_for_each_check_and_a_count()
    {
        var run = await DoctorCli.RunAsync(Url, "--ca", _certificates.AuthorityFile, "--timeout", "60", "--token", "none");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Output, Does.Match(@"(?m)^ok    tls +TLS 1\.\d; the certificate is trusted"));
            Assert.That(run.Output, Does.Match(@"(?m)^fail  token +the token is refused with 401: .+ Mend: Get one for"));
            Assert.That(run.Output, Does.Match(@"(?m)^\d+ ok, 0 to improve, 1 to mend, \d+ not checked\.$"));
            Assert.That(run.Output, Does.Not.Contain('\e'));
            Assert.That(run.Exit, Is.EqualTo(1));
        }
    }

    private static IEnumerable<TestCaseData> Deployments()
    {
        yield return Case("WWW-Authenticate is dropped", Spoiled.Without("WWW-Authenticate"), "proxy_hide_header WWW-Authenticate", FaultIds.ChallengeMissing);
        yield return Case("WWW-Authenticate is overwritten", Spoiled.Answer(http => Overwrite(http, "Bearer")), "add_header WWW-Authenticate", FaultIds.ChallengeMetadata);
        yield return Case("proxy asks for a password", Spoiled.Instead(_ => true, 401, null, ("WWW-Authenticate", "Basic realm=\"x\"")), "auth_basic off", FaultIds.ChallengeForeign);
        yield return Case("proxy answers for the gateway", Spoiled.Instead(_ => true, 200, "Welcome"), "gateway's address", FaultIds.ChallengeOpen);
        yield return Case("page in place of the 401", Spoiled.Page, "proxy_intercept_errors off", FaultIds.HttpPage);
        yield return Case("Host is an internal name", Spoiled.Request(request => (request.Host, request.Headers["X-Forwarded-Host"]) = (new HostString("cortex.internal"), "cortex.internal")), "gateway.allowedHosts", FaultIds.HttpHost);
        yield return Case("redirect to a sign-in", Spoiled.Instead(request => request.Method == "POST", 302, null, ("Location", "https://login.example/")), "auth_request", FaultIds.HttpRedirect);
        yield return Case("redirect to a slash", Spoiled.Instead(request => request.Path == "/mcp", 308, null, ("Location", "/mcp/")), "location /mcp", FaultIds.HttpRedirect);
        yield return Case("gateway is not reached", Spoiled.Instead(_ => true, 502), "proxy_pass", FaultIds.HttpUpstream);
        yield return Case("firewall", Spoiled.Instead(_ => true, 403), "whitelist-source-range", FaultIds.HttpStatus);
        yield return Case("path is not sent on", Spoiled.Instead(request => request.Path == "/mcp", 404), "pathType Prefix", FaultIds.HttpPath);
        yield return Case("GET is not let through", Spoiled.Instead(request => request.Path == "/mcp" && request.Method == "GET", 405), "limit_except", FaultIds.HttpMethods);
        yield return Case("metadata is not sent on", Spoiled.Instead(request => request.Path.StartsWithSegments("/.well-known/oauth-protected-resource"), 404), "location /", FaultIds.ResourceMetadata);
        yield return Case("no authorization server is named", Spoiled.Edit("/.well-known/oauth-protected-resource", document => document.Remove("authorization_servers")), "identity.issuers", FaultIds.ResourceServers);
        yield return Case("http behind https", Spoiled.Rewrite(IsOpen, "https://localhost", "http://localhost"), "gateway.publicUrl", FaultIds.PublicUrlScheme);
        yield return Case("metadata names an internal host", Spoiled.Rewrite(IsOpen, "https://localhost", "https://cortex.internal"), "gateway.publicUrl", FaultIds.PublicUrlHost);
        yield return Case("X-Forwarded-Proto is not sent", Spoiled.WithoutRequest("X-Forwarded-Proto"), "gateway.trustedProxies", FaultIds.IssuerHttps);
        yield return Case("metadata of the server is not sent on", Spoiled.Instead(request => request.Path.StartsWithSegments("/.well-known/oauth-authorization-server"), 404), "location /", FaultIds.IssuerMetadata);
        yield return Case("outside issuer that nobody reaches", Spoiled.Edit("/.well-known/oauth-protected-resource", document => document["authorization_servers"] = new JsonArray("https://localhost:1")), "identity.issuers[].issuer", FaultIds.IssuerMetadata);
        yield return Case("outside issuer of another name", OutsideIssuer, "identity.issuers[].issuer exactly", FaultIds.IssuerName);
        yield return Case("issuer without S256", Spoiled.Edit("/.well-known/oauth-authorization-server", document => document.Remove("code_challenge_methods_supported")), "leave the metadata as it is", FaultIds.IssuerS256);
        yield return Case("token endpoint in plain text", Spoiled.Edit("/.well-known/oauth-authorization-server", document => document["token_endpoint"] = "http://localhost:1/token"), "gateway.publicUrl", FaultIds.IssuerEndpoints);
        yield return Case("sign-in is not sent on", Spoiled.Instead(request => request.Path.StartsWithSegments("/oauth"), 404), "/oauth", FaultIds.IssuerEndpoints, FaultIds.Registration, FaultIds.CorsToken);
        yield return Case("registration is not let through", Spoiled.Instead(request => request.Path == "/oauth/register", 403), "POST /oauth/register", FaultIds.Registration);
        yield return Case("keys are not sent on", Spoiled.Instead(request => request.Path == "/.well-known/jwks.json", 404), "/.well-known/jwks.json", FaultIds.IssuerKeys);
        yield return Case("CORS is lost", Spoiled.Answer(LoseCors), "gateway.allowedOrigins", FaultIds.CorsMcp, FaultIds.CorsMetadata, FaultIds.CorsToken);
        yield return Case("CORS is doubled", Spoiled.Answer(http => http.Response.Headers.Append("Access-Control-Allow-Origin", "*")), "enable-cors", FaultIds.CorsTwice);
        yield return Case("nothing is exposed", Spoiled.Without("Access-Control-Expose-Headers"), "gateway.allowedOrigins", FaultIds.CorsExposed);
        yield return Case("Authorization is dropped", Spoiled.WithoutRequest("Authorization"), "proxy_set_header Authorization", FaultIds.HeadersAuthorization);
        yield return Case("session is dropped from answers", Spoiled.Without("Mcp-Session-Id"), "proxy_hide_header Mcp-Session-Id", FaultIds.HeadersSession);
        yield return Case("session is dropped from requests", Spoiled.WithoutRequest("Mcp-Session-Id"), "proxy_set_header Mcp-Session-Id", FaultIds.HeadersSession);
        yield return Case("MCP-Protocol-Version is dropped", Spoiled.WithoutRequest("MCP-Protocol-Version"), "MCP-Protocol-Version", FaultIds.HeadersProtocol);
        yield return Case("clock is ahead", Spoiled.Answer(http => http.Response.Headers.Date = DateTimeOffset.UtcNow.AddMinutes(10).ToString("R", CultureInfo.InvariantCulture)), "NTP", FaultIds.Clock);
        yield return Case("streams are held back", Spoiled.Buffer, "proxy_buffering off", FaultIds.StreamBuffered);
        yield return Case("streams are refused", Spoiled.Instead(request => request.Headers["Mcp-Method"] == "subscriptions/listen", 403), "gateway's log", FaultIds.StreamRefused);
        yield return Case("modern era is refused", Spoiled.Instead(request => request.Headers["Mcp-Method"] == "server/discover", 500), "bodies on unchanged", FaultIds.EraModern);
        yield return Case("legacy era is refused", Spoiled.Instead(request => request.Method == "POST" && request.Headers.Authorization.Count > 0 && request.Headers["MCP-Protocol-Version"].Count == 0, 500), "bodies on unchanged", FaultIds.EraLegacy);
        yield return Case("large messages are refused", Spoiled.Instead(request => request.ContentLength > 1024 * 1024, 413), "client_max_body_size", FaultIds.BodySize);
    }

    [TestCaseSource(nameof(Deployments))]
    public async Task Fault_of_the_proxy_is_named_with_its_mend(Func<HttpContext, Func<Task>, Task> fault, string mend, string[] faults)
    {
        _proxy.Fault = fault;

        // Only where streams are held back is the end of the wait awaited.
        var run = await RunAsync(true, "--register", "--stream-timeout", faults.Contains(FaultIds.StreamBuffered) ? "0.5" : "60");

        Expect(run, mend, faults);
    }

    [Test]
    public async Task Compressed_streams_are_named()
    {
        _proxy.Compresses = true;

        Expect(await RunAsync(true), "gzip_types", FaultIds.StreamCompressed);
    }

    [TestCase(nameof(ProxyCertificates.Expired), "Renew it", FaultIds.TlsExpired)]
    [TestCase(nameof(ProxyCertificates.OtherHost), "server_name", FaultIds.TlsHost)]
    public async Task Wrong_certificate_is_named(string certificate, string mend, string fault)
    {
        _proxy.Certificate = certificate == nameof(ProxyCertificates.Expired) ? _certificates.Expired : _certificates.OtherHost;

        Expect(await RunAsync(true), mend, fault);
    }

    [Test]
    public async Task Authority_that_nobody_trusts_is_named() => Expect(await DoctorCli.RunAsync(Url, "--json", "--timeout", "60"), "--ca FILE", FaultIds.TlsUntrusted);

    [Test]
    public async Task Tls_that_nobody_speaks_is_named() =>
        Expect(await DoctorCli.RunAsync(_gateway.ListensAt.Replace("http:", "https:", StringComparison.Ordinal), "--json", "--timeout", "60"), "ssl_protocols", FaultIds.TlsHandshake);

    [Test]
    public async Task Plain_text_to_another_machine_is_named_and_the_token_kept()
    {
        var run = await DoctorCli.RunAsync($"http://0.0.0.0:{new Uri(_gateway.ListensAt).Port}/mcp", "--json", "--timeout", "60", "--token", _token);

        var finding = run.Findings.First(finding => finding.Check == FaultIds.TlsPlain);
        Assert.That(finding.Verdict, Is.EqualTo(Verdict.Fail));
        Assert.That(finding.Mend, Does.Contain("gateway.publicUrl"));
        Assert.That(run.Findings.Any(found => found is { Check: FaultIds.Token, Verdict: not Verdict.Skip }), Is.False);
    }

    [Test]
    public async Task Path_before_the_gateway_is_named()
    {
        _proxy.Fault = Spoiled.Request(request => request.Path = request.Path == "/cortex/mcp" ? new PathString("/mcp") : request.Path);

        Expect(await DoctorCli.RunAsync(_proxy.Url + "/cortex/mcp", "--ca", _certificates.AuthorityFile, "--json", "--timeout", "60"), "gateway.publicUrl has no path", FaultIds.PublicUrlPath);
    }

    [Test]
    public async Task Origin_that_must_be_let_in_and_is_not_is_a_fault() =>
        Expect(await RunAsync(false, "--origin", "https://app.example.com"), "gateway.allowedOrigins", FaultIds.CorsOrigin);

    private static IEnumerable<TestCaseData> Weaknesses()
    {
        yield return Case("metrics are public", Spoiled.Request(request => request.HttpContext.Items["metrics"] = true), "gateway.management.port", FaultIds.Metrics);
        yield return Case("not ready", Spoiled.Instead(request => request.Path == "/readyz", 503, """{"status":"waiting"}"""), "the part it names", FaultIds.Ready);
        yield return Case("metadata at the root is not sent on", Spoiled.Instead(request => request.Path == "/.well-known/oauth-protected-resource", 404), "location /", FaultIds.ResourceRoot);
        yield return Case("no scopes", Spoiled.Edit("/.well-known/oauth-protected-resource", document => document.Remove("scopes_supported")), "identity.defaultScopes", FaultIds.ResourceScopes);
        yield return Case("no registration", Spoiled.Edit("/.well-known/oauth-authorization-server", Forget), "by hand", FaultIds.IssuerRegistration);
    }

    [TestCaseSource(nameof(Weaknesses))]
    public async Task Weakness_is_a_warning_and_no_fault(Func<HttpContext, Func<Task>, Task> fault, string mend, string[] warnings)
    {
        _proxy.Fault = fault;

        var run = await RunAsync(false);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Faults, Is.Empty, run.Output);
            Assert.That(run.Warnings, Is.EqualTo(warnings), run.Output);
            Assert.That(run.Findings.First(finding => finding.Check == warnings[0]).Mend, Does.Contain(mend));
            Assert.That(run.Exit, Is.Zero);
        }
    }

    [Test]
    public async Task Certificate_that_ends_soon_is_a_warning()
    {
        _proxy.Certificate = _certificates.Ending;

        Assert.That((await RunAsync(false)).Warnings, Is.EqualTo(new[] { FaultIds.TlsExpiry }));
    }

    private static void Expect(DoctorCli run, string mend, params string[] faults)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Faults, Is.EquivalentTo(faults), run.Output + run.Error);
            Assert.That(run.Findings.FirstOrDefault(finding => finding.Check == faults[0])?.Mend, Does.Contain(mend));
            Assert.That(run.Exit, Is.EqualTo(1));
        }
    }

    private static bool IsOpen(HttpRequest request) => request.Headers.Authorization.Count == 0;

    private static void Overwrite(HttpContext http, string challenge)
    {
        if (http.Response.StatusCode == 401)
            http.Response.Headers.WWWAuthenticate = challenge;
    }

    private static void LoseCors(HttpContext http)
    {
        foreach (var name in http.Response.Headers.Keys.Where(name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)).ToList())
            http.Response.Headers.Remove(name);
    }

    private static void Forget(JsonObject metadata)
    {
        metadata.Remove("registration_endpoint");
        metadata.Remove("client_id_metadata_document_supported");
    }

    /// <summary>An authorization server under a path, whose metadata bears a slash more than the gateway was told.</summary>
    private static async Task OutsideIssuer(HttpContext http, Func<Task> next)
    {
        var issuer = $"https://{http.Request.Host}/realms/corp";
        if (http.Request.Path.Value!.StartsWith("/.well-known/oauth-authorization-server/realms/corp", StringComparison.Ordinal)
            || http.Request.Path.Value.EndsWith("openid-configuration/realms/corp", StringComparison.Ordinal)
            || http.Request.Path == "/realms/corp/.well-known/openid-configuration")
        {
            await http.Response.WriteAsJsonAsync(new Dictionary<string, object>
            {
                ["issuer"] = issuer + "/",
                ["authorization_endpoint"] = $"https://{http.Request.Host}/oauth/authorize",
                ["token_endpoint"] = $"https://{http.Request.Host}/oauth/token",
                ["jwks_uri"] = $"https://{http.Request.Host}/.well-known/jwks.json",
                ["registration_endpoint"] = $"https://{http.Request.Host}/oauth/register",
                ["code_challenge_methods_supported"] = new[] { "S256" },
            });
            return;
        }

        await Spoiled.Edit("/.well-known/oauth-protected-resource", document => document["authorization_servers"] = new JsonArray(issuer))(http, next);
    }

    private static TestCaseData Case(string name, Func<HttpContext, Func<Task>, Task> fault, string mend, params string[] faults) => new TestCaseData(fault, mend, faults).SetName($"{{m}}({name})");

    private Task<DoctorCli> RunAsync(bool hasToken, params string[] args) => DoctorCli.RunAsync(
        [Url, "--json", "--ca", _certificates.AuthorityFile, "--timeout", "60", .. hasToken ? ["--token", _token] : Array.Empty<string>(), .. args.Contains("--stream-timeout") ? [] : new[] { "--stream-timeout", "60" }, .. args]);

    private async Task<string> GetTokenAsync()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.ListensAt + "/oauth/token"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "doctor", ["client_secret"] = Secret, ["resource"] = Url }),
        };
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", new Uri(Url).Authority);
        using var reply = await http.SendAsync(request);
        return (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}
