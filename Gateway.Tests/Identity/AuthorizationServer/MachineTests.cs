using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Callers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>
/// Machines on their own behalf (<see href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, section 4.4</see>;
/// <see href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523, section 3</see>): configured, proven, and never a person.
/// </summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class MachineTests(DatabaseDialect dialect)
{
    private const string Secret = "a-secret-of-a-machine-0123456789";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string _folder = null!;
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("cortex-machine-").FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret"), Secret);
        await File.WriteAllTextAsync(Path.Combine(_folder, "jwks.json"), PublicKeys());
        _server = await AuthorizationServerHost.StartAsync(dialect, $$"""
            identity:
              authorizationServer:
                clients:
                  - { id: nightly-report, secret: "${file:{{_folder}}/secret}", grants: [client_credentials], scopes: ['mcp:notes:read', 'mcp:notes:write'] }
                  - { id: signer, jwks: "${file:{{_folder}}/jwks.json}", grants: [client_credentials], scopes: ['mcp:notes:read'] }
                  - { id: desk, name: The desk, redirectUris: ['http://127.0.0.1/callback'], scopes: ['mcp:notes:read'] }
            """);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Machine_with_a_secret_gets_a_token_that_speaks_for_itself_alone([Values] bool basic)
    {
        var reply = await AskAsync("nightly-report", Secret, basic);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Json.ToString());
        var token = new JsonWebToken(reply.AccessToken);
        Assert.Multiple(() =>
        {
            Assert.That((token.Typ, token.Subject, token.GetClaim("client_id").Value), Is.EqualTo(("at+jwt", "nightly-report", "nightly-report")));
            Assert.That(token.Audiences, Is.EqualTo(new[] { _server.Resource }));
            Assert.That(token.GetClaim("scope").Value, Is.EqualTo("mcp:notes:read mcp:notes:write"));
            Assert.That(token.ValidTo - token.IssuedAt, Is.LessThanOrEqualTo(TimeSpan.FromMinutes(10)));
            Assert.That(token.Claims.Select(claim => claim.Type), Has.None.AnyOf("email", "name", "oi_au_id"));
            Assert.That(reply.Text("refresh_token"), Is.Null);
        });
    }

    [TestCase("mcp:notes:read", "mcp:notes:read")]
    [TestCase("mcp:notes:read cortex:admin mcp:docs:read", "mcp:notes:read")]
    public async Task Machine_is_given_what_it_is_configured_for_and_no_more(string asked, string given)
    {
        var reply = await AskAsync("nightly-report", Secret, basic: false, ("scope", asked));

        Assert.That(reply.Text("scope") ?? new JsonWebToken(reply.AccessToken).GetClaim("scope").Value, Is.EqualTo(given));
    }

    [TestCase("scope", "cortex:admin", "invalid_scope")]
    [TestCase("scope", "mcp:docs:read", "invalid_scope")]
    [TestCase("resource", "https://elsewhere.example/mcp", "invalid_target")]
    [TestCase("client_secret", "a-guess-at-the-secret", "invalid_client")]
    [TestCase("client_secret", null, "invalid_request")]
    [TestCase("client_id", "nobody", "invalid_client")]
    public async Task Bad_request_of_a_machine_gets_the_error_of_the_standard(string name, string? value, string error)
    {
        var reply = await AskAsync("nightly-report", Secret, basic: false, (name, value));

        Assert.That((reply.Error, reply.Json.TryGetProperty("access_token", out _)), Is.EqualTo((error, false)), reply.Json.ToString());
        Assert.That(reply.Status, Is.EqualTo(error == "invalid_client" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest));
    }

    [TestCase("client_secret_post", "unauthorized_client")]
    [TestCase("none", "invalid_request")]
    public async Task Client_that_registered_itself_is_no_machine(string method, string error)
    {
        var client = await TestClient.RegisterAsync(_server, new
        {
            redirect_uris = new[] { TestClient.RedirectUri },
            token_endpoint_auth_method = method,
            grant_types = new[] { "authorization_code", "client_credentials" },
        });

        var reply = await AskAsync(client.Id, client.Secret, basic: false);

        Assert.That(reply.Error, Is.EqualTo(error));
    }

    [Test]
    public async Task Impostor_with_the_id_of_a_configured_client_gets_no_tokens_for_its_code()
    {
        var desk = await AskAsync("desk", secret: null, basic: false);
        var machine = await TestClient.PostAsync(
            _server.Http, "/oauth/token", [("grant_type", "authorization_code"), ("code", "stolen"), ("redirect_uri", TestClient.RedirectUri), ("code_verifier", new string('v', 43)), ("client_id", "nightly-report")]);

        Assert.That((desk.Error, machine.Error), Is.EqualTo(("invalid_request", "invalid_client")));
    }

    [TestCase("JWT")]
    [TestCase(null)]
    [TestCase("client-authentication+jwt")]
    public async Task Machine_proves_itself_by_a_signed_assertion(string? type)
    {
        var reply = await AssertAsync(Sign(Assertion(), type));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Json.ToString());
        Assert.That(new JsonWebToken(reply.AccessToken).Subject, Is.EqualTo("signer"));
    }

    [Test]
    public async Task Replayed_assertion_proves_nothing()
    {
        var assertion = Sign(Assertion());

        var first = await AssertAsync(assertion);
        var second = await AssertAsync(assertion);

        Assert.That((first.Status, second.Status, second.Error), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized, "invalid_client")));
    }

    [Test]
    public async Task Sixteen_uses_of_one_assertion_at_once_give_one_token()
    {
        var assertion = Sign(Assertion());

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AssertAsync(assertion)));

        Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.OK), Is.EqualTo(1));
    }

    [TestCase("jti", null)]
    [TestCase("exp", null)]
    [TestCase("aud", "https://elsewhere.example/")]
    [TestCase("iss", "nightly-report")]
    [TestCase("sub", "nightly-report")]
    public async Task Assertion_that_does_not_fit_is_refused(string claim, string? value)
    {
        var reply = await AssertAsync(Sign(Assertion((claim, value))));

        Assert.That(reply.Status, Is.Not.EqualTo(HttpStatusCode.OK));
        Assert.That(reply.Error, Is.EqualTo("invalid_client").Or.EqualTo("invalid_grant").Or.EqualTo("invalid_request"), reply.Json.ToString());
    }

    [Test]
    public async Task Assertion_that_ended_or_ends_too_late_is_refused()
    {
        var now = _server.Time.GetUtcNow().ToUnixTimeSeconds();

        var ended = await AssertAsync(Sign(Assertion(("exp", now - 3_600))));
        var late = await AssertAsync(Sign(Assertion(("exp", now + 7_200))));

        Assert.That((ended.Status, late.Status), Is.EqualTo((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)));
    }

    [Test]
    public async Task Assertion_by_another_key_by_no_key_or_by_the_public_key_as_a_secret_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forged = TestJwt.Write(TestJwt.Header("ES256", "k1", "JWT"), Assertion(), bytes => other.SignData(bytes, HashAlgorithmName.SHA256));
        var unsigned = TestJwt.Write(TestJwt.Header("none", "k1", "JWT"), Assertion(), _ => []);
        var confused = TestJwt.Write(TestJwt.Header("HS256", "k1", "JWT"), Assertion(), bytes => HMACSHA256.HashData(Encoding.UTF8.GetBytes(PublicKeys()), bytes));

        foreach (var assertion in new[] { forged, unsigned, confused })
            Assert.That((await AssertAsync(assertion)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Access_token_is_no_assertion()
    {
        var token = (await AskAsync("nightly-report", Secret, basic: false)).AccessToken;

        Assert.That((await AssertAsync(token)).Status, Is.Not.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Configured_client_of_people_asks_for_no_more_than_it_is_configured_for()
    {
        var desk = new TestClient(_server.Http, _server.Url, JsonDocument.Parse("""{"client_id":"desk"}""").RootElement);

        var tokens = await desk.GetTokensAsync();

        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read offline_access"));
    }

    [Test]
    public async Task Audit_names_the_machine()
    {
        await AskAsync("nightly-report", Secret, basic: true);
        Assert.That(await _server.HasRecordedAsync("grant client_credentials"), _server.AuditLines);
        Assert.That(_server.AuditLines, Does.Contain("nightly-report"));
        Assert.That(_server.AuditLines, Does.Not.Contain(Secret));
    }

    private Task<TokenReply> AskAsync(string clientId, string? secret, bool basic, params (string Name, string? Value)[] changes)
    {
        (string, string?)[] proof = basic ? [] : [("client_id", clientId), ("client_secret", secret)];
        var header = basic ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{clientId}:{secret}"))) : null;
        return TestClient.PostAsync(
            _server.Http, "/oauth/token", [("grant_type", "client_credentials"), ("resource", _server.Resource), .. proof, .. changes], header);
    }

    private Task<TokenReply> AssertAsync(string assertion) => TestClient.PostAsync(_server.Http, "/oauth/token",
    [
        ("grant_type", "client_credentials"), ("resource", _server.Resource),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion),
    ]);

    private Dictionary<string, object?> Assertion(params (string Name, object? Value)[] changes) =>
        TestJwt.Payload(_server.Time, "signer", _server.Issuer, "signer", [("client_id", null), ("scope", null), .. changes]);

    private string Sign(object payload, string? type = "JWT") =>
        TestJwt.Write(TestJwt.Header("ES256", "k1", type), payload, bytes => _key.SignData(bytes, HashAlgorithmName.SHA256));

    private string PublicKeys()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", kid = "k1", use = "sig", alg = "ES256", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) } },
        });
    }
}
