using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cortex.Bench;

/// <summary>An external issuer that the gateway trusts, so that no one needs to sign in: a key, its key set on loopback, one token.</summary>
internal sealed class BenchIssuer : IAsyncDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;

    private BenchIssuer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var keys = $$"""{"keys":[{"kty":"EC","use":"sig","crv":"P-256","kid":"bench","x":"{{Encode(point.X!)}}","y":"{{Encode(point.Y!)}}"}]}""";
        _app.Run(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(keys, context.RequestAborted);
        });
    }

    public string Url => _app.Urls.Single();

    public static async Task<BenchIssuer> StartAsync()
    {
        var issuer = new BenchIssuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>An access token of an hour for one person and client.</summary>
    public string Token(string resource, string scope, string person = "bench-person")
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Url,
            ["aud"] = resource,
            ["sub"] = person,
            ["client_id"] = "bench-client",
            ["email"] = person + "@example.com",
            ["email_verified"] = true,
            ["scope"] = scope,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 3600,
        };
        var signed = Encode("""{"typ":"at+jwt","alg":"ES256","kid":"bench"}"""u8) + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(claims));
        return signed + "." + Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
