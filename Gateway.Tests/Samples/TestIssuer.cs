using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Tests.Samples;

/// <summary>What a backend sees of the gateway's identity: metadata and keys over HTTP, and the tokens made with them.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly ECDsaSecurityKey _key;
    private WebApplication? _app;

    private TestIssuer(ECDsaSecurityKey key) => _key = key;

    /// <summary><c>http://127.0.0.1:port/identity</c>.</summary>
    public string Issuer { get; private set; } = "";

    /// <param name="port">0 for a free one.</param>
    /// <param name="key">Its key; null for a new one.</param>
    public static async Task<TestIssuer> StartAsync(int port = 0, ECDsaSecurityKey? key = null)
    {
        var issuer = new TestIssuer(key ?? NewKey("test-key"));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        issuer._app = builder.Build();
        issuer._app.Run(issuer.AnswerAsync);
        await issuer._app.StartAsync();
        issuer.Issuer = issuer._app.Urls.Single() + "/identity";
        return issuer;
    }

    /// <summary>A token as the gateway mints it.</summary>
    /// <param name="audience">The backend it is for.</param>
    /// <param name="scope">Space-separated scopes.</param>
    /// <param name="forge">What is wrong with it; default: nothing.</param>
    /// <param name="subject">The person.</param>
    public string Mint(string audience, string scope, Forgery forge = Forgery.None, string subject = "p_0123456789abcdef0123456789abcdef")
    {
        var issuedAt = DateTime.UtcNow - (forge is Forgery.Expired ? TimeSpan.FromMinutes(30) : TimeSpan.Zero);
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = forge is Forgery.OtherIssuer ? "https://elsewhere.example/identity" : Issuer,
            Audience = forge is Forgery.OtherAudience ? "http://127.0.0.1:1" : audience,
            IssuedAt = issuedAt,
            NotBefore = issuedAt,
            Expires = issuedAt.AddMinutes(5),
            TokenType = forge is Forgery.OtherType ? "JWT" : "at+jwt",
            Claims = new Dictionary<string, object>
            {
                ["sub"] = subject,
                ["scope"] = scope,
                ["client_id"] = "test-client",
                ["email"] = "ada@example.com",
                ["act"] = new Dictionary<string, object> { ["sub"] = "cortex-gateway" },
                ["jti"] = Guid.NewGuid().ToString("N"),
            },
            SigningCredentials = new SigningCredentials(
                forge is Forgery.OtherKey ? NewKey(_key.KeyId) : _key, SecurityAlgorithms.EcdsaSha256),
        };
        var token = Handler.CreateToken(descriptor);
        return forge is Forgery.Unsigned ? Unsign(token) : token;
    }

    /// <summary>The machine token of catalog discovery.</summary>
    public string MintCatalog(string audience) => Mint(audience, "cortex:catalog", subject: "cortex-gateway");

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _key.ECDsa.Dispose();
    }

    private static ECDsaSecurityKey NewKey(string id) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id };

    /// <summary>The same claims under <c>alg: none</c>.</summary>
    private static string Unsign(string token)
    {
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt","kid":"test-key"}""");
        return $"{header}.{token.Split('.')[1]}.";
    }

    private Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/identity/.well-known/openid-configuration" => context.Response.WriteAsJsonAsync(
            new { issuer = Issuer, jwks_uri = $"{Issuer}/.well-known/jwks.json", id_token_signing_alg_values_supported = new[] { "ES256" } }),
        "/identity/.well-known/jwks.json" => context.Response.WriteAsJsonAsync(new { keys = new[] { PublicKey() } }),
        _ => Task.FromResult(context.Response.StatusCode = StatusCodes.Status404NotFound),
    };

    private object PublicKey()
    {
        var point = _key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new
        {
            kty = "EC",
            crv = "P-256",
            kid = _key.KeyId,
            use = "sig",
            alg = "ES256",
            x = Base64UrlEncoder.Encode(point.X),
            y = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
