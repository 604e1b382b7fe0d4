using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Minting;
using Cortex.Tests.Identity.Callers;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Minting;

/// <summary>The tokens backends receive.</summary>
internal sealed class MintingTests
{
    private IdentityHost _host = null!;

    private TokenMinter Minter => _host.Services.GetRequiredService<TokenMinter>();

    [SetUp]
    public async Task StartAsync()
    {
        _host = await IdentityHost.StartAsync();
        _host.Services.GetRequiredService<KnownScopes>().Publish(new Dictionary<BackendId, ScopeSet>
        {
            [BackendId.Parse("notes")] = ScopeSet.ParseLenient("mcp:b mcp:a mcp:unheld cortex:catalog"),
            [BackendId.Parse("other")] = ScopeSet.ParseLenient("mcp:c"),
        });
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    /// <summary>A caller whose token holds <c>mcp:a mcp:b</c> for ten minutes.</summary>
    internal static Caller Caller(IdentityHost host, Person? person, string tokenHash = "hash") => new(
        person,
        "agent",
        host.Url + "/",
        "jti",
        tokenHash,
        ScopeSet.ParseLenient("mcp:a mcp:b"),
        ScopeSet.ParseLenient("mcp:a mcp:b"),
        null,
        host.Time.GetUtcNow().AddMinutes(10));

    internal static BackendDefinition Backend(
        string id = "notes", BackendKind kind = BackendKind.Contract, BackendAuth auth = BackendAuth.UserToken, BackendOptions? options = null) => new()
        {
            Id = BackendId.Parse(id),
            Kind = kind,
            Auth = auth,
            Destinations = [new Uri("https://notes.example.com")],
            Path = "/api/cortex/backend",
            Audience = "https://notes.example.com",
            Prefix = id,
            Options = options ?? new BackendOptions(),
        };

    [Test]
    public async Task Token_holds_exactly_what_a_backend_may_know()
    {
        var person = await _host.AddPersonAsync();
        var now = _host.Time.GetUtcNow().ToUnixTimeSeconds();

        var token = Minter.Mint(Caller(_host, person), Backend());

        var header = TestJwt.ReadHeader(token);
        Assert.That(header.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[] { "alg", "kid", "typ" }));
        Assert.That(header.GetProperty("alg").GetString(), Is.EqualTo("ES256"));
        Assert.That(header.GetProperty("typ").GetString(), Is.EqualTo("at+jwt"));
        var payload = TestJwt.Read(token);
        Assert.That(payload.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[]
        {
            "iss", "aud", "sub", "idp", "email", "client_id", "scope", "act", "jti", "iat", "nbf", "exp",
        }));
        Assert.That(payload.GetProperty("iss").GetString(), Is.EqualTo(_host.Url + "/identity"));
        Assert.That(payload.GetProperty("aud").GetString(), Is.EqualTo("https://notes.example.com"));
        Assert.That(payload.GetProperty("sub").GetString(), Is.EqualTo(person.Id.Value));
        Assert.That(payload.GetProperty("idp").GetRawText(), Is.EqualTo($"{{\"iss\":\"{_host.Url}/\",\"sub\":\"ada@example.com\"}}"));
        Assert.That(payload.GetProperty("email").GetString(), Is.EqualTo("ada@example.com"));
        Assert.That(payload.GetProperty("client_id").GetString(), Is.EqualTo("agent"));
        Assert.That(payload.GetProperty("scope").GetString(), Is.EqualTo("mcp:a mcp:b"));
        Assert.That(payload.GetProperty("act").GetRawText(), Is.EqualTo("{\"sub\":\"cortex-gateway\"}"));
        Assert.That(payload.GetProperty("iat").GetInt64(), Is.EqualTo(now));
        Assert.That(payload.GetProperty("nbf").GetInt64(), Is.EqualTo(now));
        Assert.That(payload.GetProperty("exp").GetInt64(), Is.EqualTo(now + 300));
    }

    [Test]
    public async Task Email_that_is_not_verified_is_left_out()
    {
        var person = await _host.AddPersonAsync("eve@example.com", verified: false);

        Assert.That(TestJwt.Read(Minter.Mint(Caller(_host, person), Backend())).TryGetProperty("email", out _), Is.False);
    }

    [Test]
    public void Machine_is_its_client_and_no_person()
    {
        var payload = TestJwt.Read(Minter.Mint(Caller(_host, person: null), Backend()));

        Assert.That(payload.GetProperty("sub").GetString(), Is.EqualTo("agent"));
        Assert.That(payload.GetProperty("idp").GetProperty("sub").GetString(), Is.EqualTo("agent"));
        Assert.That(payload.TryGetProperty("email", out _), Is.False);
    }

    [Test]
    public async Task Scope_of_another_backend_or_beyond_the_plan_is_not_in_the_token()
    {
        var caller = Caller(_host, await _host.AddPersonAsync());
        var downgraded = caller with { Scopes = ScopeSet.ParseLenient("mcp:a") };

        Assert.That(TestJwt.Read(Minter.Mint(caller, Backend("other"))).GetProperty("scope").GetString(), Is.Empty);
        Assert.That(TestJwt.Read(Minter.Mint(downgraded, Backend())).GetProperty("scope").GetString(), Is.EqualTo("mcp:a"));
    }

    [Test]
    public async Task Token_never_outlives_the_callers_own()
    {
        var end = _host.Time.GetUtcNow().AddSeconds(70);
        var caller = Caller(_host, await _host.AddPersonAsync()) with { ExpiresAt = end };

        var first = Minter.Mint(caller, Backend());
        _host.Time.Advance(TimeSpan.FromSeconds(30));
        var second = Minter.Mint(caller, Backend());

        Assert.That(TestJwt.Read(first).GetProperty("exp").GetInt64(), Is.EqualTo(end.ToUnixTimeSeconds()));
        Assert.That(second, Is.SameAs(first), "a new one could not last longer");
    }

    [Test]
    public async Task Token_is_used_again_until_a_minute_before_its_end()
    {
        var caller = Caller(_host, await _host.AddPersonAsync());
        var first = Minter.Mint(caller, Backend());

        _host.Time.Advance(TimeSpan.FromSeconds(239));
        var during = Minter.Mint(caller, Backend());
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        var after = Minter.Mint(caller, Backend());

        Assert.That(during, Is.SameAs(first));
        Assert.That(after, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Tokens_are_not_shared_between_callers_backends_audiences_or_scopes()
    {
        var person = await _host.AddPersonAsync();
        var caller = Caller(_host, person);

        string[] tokens =
        [
            Minter.Mint(caller, Backend()),
            Minter.Mint(Caller(_host, person, "another token"), Backend()),
            Minter.Mint(caller, Backend("other")),
            Minter.Mint(caller, Backend() with { Audience = "https://elsewhere.example" }),
            Minter.Mint(caller with { Scopes = ScopeSet.ParseLenient("mcp:a") }, Backend()),
        ];

        Assert.That(tokens, Is.Unique);
    }

    [Test]
    public void Catalog_token_speaks_for_the_gateway_and_nobody_else()
    {
        var token = Minter.MintCatalogToken(Backend());

        var payload = TestJwt.Read(token);
        Assert.That(payload.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[]
        {
            "iss", "aud", "sub", "client_id", "scope", "jti", "iat", "nbf", "exp",
        }));
        Assert.That(payload.GetProperty("sub").GetString(), Is.EqualTo("cortex-gateway"));
        Assert.That(payload.GetProperty("scope").GetString(), Is.EqualTo("cortex:catalog"));
        Assert.That(Minter.MintCatalogToken(Backend()), Is.SameAs(token));
    }

    [TestCase("/identity/.well-known/openid-configuration")]
    [TestCase("/.well-known/openid-configuration/identity")]
    [TestCase("/.well-known/oauth-authorization-server/identity")]
    public async Task Metadata_names_issuer_and_keys_also_while_the_embedded_server_is_off(string path)
    {
        await using var host = await IdentityHost.StartAsync("{ authorizationServer: { enabled: false }, issuers: [{ issuer: 'https://login.example.com' }] }");

        var metadata = JsonDocument.Parse(await host.Client.GetStringAsync(path)).RootElement;

        Assert.That(metadata.GetProperty("issuer").GetString(), Is.EqualTo(host.Url + "/identity"));
        Assert.That(metadata.GetProperty("jwks_uri").GetString(), Is.EqualTo(host.Url + "/identity/.well-known/jwks.json"));
    }

    [Test]
    public async Task Key_set_shows_public_keys_only()
    {
        var keys = JsonDocument.Parse(await _host.Client.GetStringAsync("/identity/.well-known/jwks.json")).RootElement.GetProperty("keys");

        Assert.That(keys.EnumerateArray().Single().EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[] { "kty", "use", "alg", "kid", "crv", "x", "y" }));
        Assert.That(keys[0].GetProperty("kid").GetString(), Is.EqualTo(TestJwt.ReadHeader(Minter.MintCatalogToken(Backend())).GetProperty("kid").GetString()));
    }

    [Test]
    public async Task Stock_jwt_middleware_with_only_the_authority_accepts_the_token()
    {
        await using var backend = await StartStockBackendAsync();
        var person = await _host.AddPersonAsync();
        var minted = Minter.Mint(Caller(_host, person), Backend());
        var forOther = Minter.Mint(Caller(_host, person), Backend() with { Audience = "https://elsewhere.example" });

        using var accepted = await CallAsync(backend, minted);
        using var refused = await CallAsync(backend, forOther);

        Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await accepted.Content.ReadAsStringAsync(), Is.EqualTo(person.Id.Value));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private async Task<WebApplication> StartStockBackendAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = _host.Url + "/identity";
            options.Audience = "https://notes.example.com";
            options.RequireHttpsMetadata = false;
            options.MapInboundClaims = false;
        });
        var app = builder.Build();
        app.MapGet("/", (ClaimsPrincipal user) => user.FindFirstValue("sub")).RequireAuthorization();
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpResponseMessage> CallAsync(WebApplication backend, string token)
    {
        var address = backend.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.GetAsync(address);
    }
}
