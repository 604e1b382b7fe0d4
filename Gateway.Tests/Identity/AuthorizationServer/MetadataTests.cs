using System.Net.Http.Json;
using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Identity.Entitlements;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>What the server says of itself (<see href="https://www.rfc-editor.org/rfc/rfc8414">RFC 8414</see>, OpenID Connect Discovery).</summary>
internal sealed class MetadataTests
{
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite);

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase("/.well-known/oauth-authorization-server")]
    [TestCase("/.well-known/openid-configuration")]
    public async Task Document_holds_exactly_what_clients_need(string path)
    {
        var document = await _server.Http.GetFromJsonAsync<JsonElement>(path);

        Assert.That(document.GetProperty("issuer").GetString(), Is.EqualTo(_server.Url + "/"));
        Assert.That(document.GetProperty("authorization_endpoint").GetString(), Is.EqualTo(_server.Url + "/oauth/authorize"));
        Assert.That(document.GetProperty("token_endpoint").GetString(), Is.EqualTo(_server.Url + "/oauth/token"));
        Assert.That(document.GetProperty("registration_endpoint").GetString(), Is.EqualTo(_server.Url + "/oauth/register"));
        Assert.That(document.GetProperty("jwks_uri").GetString(), Is.EqualTo(_server.Url + "/.well-known/jwks.json"));
        Assert.That(Texts(document, "response_types_supported"), Is.EqualTo(new[] { "code" }));
        Assert.That(Texts(document, "response_modes_supported"), Is.EqualTo(new[] { "query" }));
        Assert.That(Texts(document, "grant_types_supported"), Is.EquivalentTo(new[] { "authorization_code", "client_credentials", "refresh_token" }));
        Assert.That(Texts(document, "code_challenge_methods_supported"), Is.EqualTo(new[] { "S256" }));
        Assert.That(Texts(document, "token_endpoint_auth_methods_supported"), Is.EquivalentTo(new[] { "none", "client_secret_basic", "client_secret_post", "private_key_jwt" }));
        Assert.That(Texts(document, "token_endpoint_auth_signing_alg_values_supported"), Does.Contain("ES256").And.Contain("RS256").And.Not.Contain("HS256").And.Not.Contain("none"));
        Assert.That(document.GetProperty("revocation_endpoint").GetString(), Is.EqualTo(_server.Url + "/oauth/revoke"));
        Assert.That(Texts(document, "revocation_endpoint_auth_methods_supported"), Does.Contain("none"));
        Assert.That(document.GetProperty("introspection_endpoint").GetString(), Is.EqualTo(_server.Url + "/oauth/introspect"));
        Assert.That(Texts(document, "introspection_endpoint_auth_methods_supported"), Does.Contain("client_secret_basic").And.Not.Contain("none"));
        Assert.That(Texts(document, "scopes_supported"), Is.EqualTo(new[] { "mcp:notes:read", "mcp:notes:write", "offline_access" }));
        Assert.That(Texts(document, "id_token_signing_alg_values_supported"), Is.EqualTo(new[] { "ES256" }));
        Assert.That(Texts(document, "subject_types_supported"), Is.EqualTo(new[] { "public" }));
        Assert.That(document.GetProperty("authorization_response_iss_parameter_supported").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Forged_host_header_does_not_reach_the_document()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-authorization-server");
        request.Headers.Host = "evil.example";

        using var reply = await _server.Http.SendAsync(request);

        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Not.Contain("evil.example"));
    }

    [Test]
    public async Task Scopes_follow_the_catalog()
    {
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite);

        server.Services.GetRequiredService<KnownScopes>().Publish(new Dictionary<BackendId, ScopeSet> { [BackendId.Parse("docs")] = ScopeSet.ParseLenient("mcp:docs:read") });

        var document = await server.Http.GetFromJsonAsync<JsonElement>("/.well-known/oauth-authorization-server");
        Assert.That(Texts(document, "scopes_supported"), Is.EqualTo(new[] { "mcp:docs:read", "offline_access" }));
    }

    [Test]
    public async Task Configured_default_scopes_are_the_ones_told()
    {
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, "identity: {defaultScopes: ['mcp:notes:read']}");

        var document = await server.Http.GetFromJsonAsync<JsonElement>("/.well-known/oauth-authorization-server");

        Assert.That(Texts(document, "scopes_supported"), Is.EqualTo(new[] { "mcp:notes:read", "offline_access" }));
    }

    [Test]
    public async Task Key_set_shows_the_public_half_of_the_issuer_key()
    {
        var document = await _server.Http.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json");

        var key = document.GetProperty("keys").EnumerateArray().Single();
        var expected = _server.Services.GetRequiredService<SigningKeys>().Active(KeyPurpose.Issuer).Public;
        Assert.That(key.GetProperty("kid").GetString(), Is.EqualTo(expected.Kid));
        Assert.That((key.GetProperty("kty").GetString(), key.GetProperty("crv").GetString(), key.GetProperty("alg").GetString(), key.GetProperty("use").GetString()), Is.EqualTo(("EC", "P-256", "ES256", "sig")));
        Assert.That((key.GetProperty("x").GetString(), key.GetProperty("y").GetString()), Is.EqualTo((expected.X, expected.Y)));
        Assert.That(key.TryGetProperty("d", out _), Is.False);
    }

    [TestCase("/.well-known/oauth-authorization-server", "GET")]
    [TestCase("/.well-known/openid-configuration", "GET")]
    [TestCase("/.well-known/jwks.json", "GET")]
    [TestCase("/oauth/token", "POST")]
    [TestCase("/oauth/register", "POST")]
    public async Task Pages_of_any_origin_may_call(string path, string method)
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
        preflight.Headers.Add("Origin", "https://app.example");
        preflight.Headers.Add("Access-Control-Request-Method", method);
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type, mcp-protocol-version");
        using var call = new HttpRequestMessage(new HttpMethod(method), path);
        call.Headers.Add("Origin", "https://app.example");

        using var allowed = await _server.Http.SendAsync(preflight);
        using var reply = await _server.Http.SendAsync(call);

        Assert.That(allowed.IsSuccessStatusCode, Is.True);
        Assert.That(allowed.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "*" }));
        Assert.That(allowed.Headers.GetValues("Access-Control-Allow-Headers").Single(), Does.Contain("mcp-protocol-version"));
        Assert.That(reply.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "*" }));
    }

    [Test]
    public async Task Pages_of_other_origins_may_not_read_the_consent_page()
    {
        using var call = new HttpRequestMessage(HttpMethod.Get, "/oauth/authorize");
        call.Headers.Add("Origin", "https://app.example");

        using var reply = await _server.Http.SendAsync(call);

        Assert.That(reply.Headers.Contains("Access-Control-Allow-Origin"), Is.False);
    }

    private static string?[] Texts(JsonElement document, string name) =>
        [.. document.GetProperty(name).EnumerateArray().Select(value => value.GetString())];
}
