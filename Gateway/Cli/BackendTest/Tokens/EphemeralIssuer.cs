using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Cli.BackendTest.Tokens;

/// <summary>
/// An issuer for a backend in development: metadata and key set on loopback, and tokens as the gateway mints them. It is there while the test runs, and its tokens are
/// worth nothing to a backend that trusts another issuer.
/// </summary>
internal sealed class EphemeralIssuer : IAsyncDisposable
{
    private const string Metadata = "/.well-known/openid-configuration";
    private const string KeySet = "/.well-known/jwks.json";

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly ECDsaSecurityKey _key;
    private readonly TimeProvider _time;
    private readonly WebApplication _app;

    private EphemeralIssuer(Uri issuer, ECDsaSecurityKey key, TimeProvider time)
    {
        (Issuer, _key, _time) = (issuer.OriginalString.TrimEnd('/'), key, time);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, issuer));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The <c>iss</c> of its tokens, exactly as it was given, without a slash at the end.</summary>
    public string Issuer { get; }

    /// <summary>Starts to listen at the issuer's own address.</summary>
    /// <exception cref="UsageException">It can't listen there.</exception>
    public static async Task<EphemeralIssuer> StartAsync(Uri issuer, ECDsaSecurityKey key, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = new EphemeralIssuer(issuer, key, time);
        try
        {
            await started._app.StartAsync(cancellationToken);
            return started;
        }
        catch (IOException exception)
        {
            await started.DisposeAsync();
            throw new UsageException($"The issuer can't listen at {issuer.GetLeftPart(UriPartial.Authority)}: {exception.Message.TrimEnd('.')}. Free that port, or name another by --issuer.", exception);
        }
    }

    /// <summary>A token as the gateway mints it, but for one fault.</summary>
    /// <param name="audience">The backend it is for.</param>
    /// <param name="subject">For whom it speaks.</param>
    /// <param name="scope">Space-separated scopes.</param>
    /// <param name="fault">What is wrong with it.</param>
    public string Mint(string audience, string subject, string scope, TokenFault fault = TokenFault.None)
    {
        var issuedAt = _time.GetUtcNow().UtcDateTime - (fault is TokenFault.Expired ? TimeSpan.FromHours(1) : TimeSpan.Zero);
        var claims = new Dictionary<string, object>
        {
            ["sub"] = subject,
            ["client_id"] = subject == TokenClaims.GatewaySubject ? subject : "cortex-backend-test",
            ["scope"] = scope,
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        if (subject != TokenClaims.GatewaySubject)
        {
            claims["idp"] = new Dictionary<string, object> { ["iss"] = Issuer, ["sub"] = subject };
            claims["act"] = new Dictionary<string, object> { ["sub"] = TokenClaims.GatewaySubject };
            claims["email"] = EmailOf(subject);
        }

        var token = Handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = fault is TokenFault.OtherType ? "JWT" : "at+jwt",
            Issuer = fault is TokenFault.OtherIssuer ? "https://elsewhere.example/identity" : Issuer,
            Audience = fault is TokenFault.OtherAudience ? "https://another-backend.example" : audience,
            IssuedAt = issuedAt,
            NotBefore = issuedAt,
            Expires = issuedAt + Lifetime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(fault is TokenFault.OtherKey ? IssuerKey.Stranger(_key.KeyId) : _key, SecurityAlgorithms.EcdsaSha256),
        });
        return fault is TokenFault.Unsigned ? Unsign(token) : token;
    }

    /// <summary>The verified address that goes with a person.</summary>
    public static string EmailOf(string subject) => $"{subject}@example.com";

    /// <summary>The same claims under <c>alg: none</c>.</summary>
    public static string Unsign(string token) => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{token.Split('.')[1]}.";

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.ECDsa.Dispose();
    }

    private static void Listen(KestrelServerOptions kestrel, Uri issuer)
    {
        kestrel.AddServerHeader = false;
        if (IPAddress.TryParse(issuer.DnsSafeHost, out var ip))
            kestrel.Listen(ip, issuer.Port);
        else
            kestrel.ListenLocalhost(issuer.Port);
    }

    private Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value;
        var own = new Uri(Issuer).AbsolutePath.TrimEnd('/');
        if (path == own + KeySet)
            return WriteAsync(http, new JsonObject { ["keys"] = new JsonArray(PublicKey()) });
        // The forms in which libraries look for it, with the issuer's path in front and behind.
        if (path == own + Metadata || path == Metadata + own || path == "/.well-known/oauth-authorization-server" + own)
            return WriteAsync(http, Describe());
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private JsonObject Describe() => new()
    {
        ["issuer"] = Issuer,
        ["jwks_uri"] = Issuer + KeySet,
        ["response_types_supported"] = new JsonArray("none"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
    };

    private JsonObject PublicKey()
    {
        var point = _key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["alg"] = "ES256",
            ["kid"] = _key.KeyId,
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }

    private static Task WriteAsync(HttpContext http, JsonObject document)
    {
        http.Response.ContentType = "application/json";
        return http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(document.ToJsonString()), http.RequestAborted).AsTask();
    }
}
