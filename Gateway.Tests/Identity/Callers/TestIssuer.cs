using System.Buffers.Text;
using System.Security.Cryptography;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Cortex.Tests.Identity.Callers;

/// <summary>An external issuer: a foreign HTTP server with metadata and a key set.</summary>
internal sealed class TestIssuer : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly string _path;
    private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int _generation = 1;

    public TestIssuer(string path = "")
    {
        _path = path;
        PublishKeys();
    }

    public string Issuer => _server.Url + _path;

    public string KeySetUrl => _server.Url + "/keys";

    public string KeyId => $"key-{_generation}";

    /// <summary>How often the key set was asked for.</summary>
    public int KeySetRequests => _server.LogEntries.Count(entry => entry.RequestMessage?.Path == "/keys");

    /// <summary>Publishes OpenID Connect metadata.</summary>
    public TestIssuer WithOpenIdConfiguration(string? issuer = null, string? keySetUrl = null)
    {
        Answer($"{_path}/.well-known/openid-configuration", Metadata(issuer, keySetUrl));
        return this;
    }

    /// <summary>Publishes metadata by RFC 8414, and only that.</summary>
    public TestIssuer WithServerMetadata()
    {
        Answer($"/.well-known/oauth-authorization-server{_path}", Metadata(null, null));
        return this;
    }

    /// <summary>Answers a path with JSON, or what claims to be.</summary>
    public void Answer(string path, string body) => _server
        .Given(Request.Create().WithPath(path).UsingGet())
        .RespondWith(Response.Create().WithHeader("Content-Type", "application/json").WithBody(body));

    /// <summary>Where tokens are introspected.</summary>
    public string IntrospectionUrl => _server.Url + "/introspect";

    /// <summary>How often a token was introspected.</summary>
    public int Introspections => _server.LogEntries.Count(entry => entry.RequestMessage?.Path == "/introspect");

    /// <summary>The form and the header of the last introspection.</summary>
    public (string? Form, string? Authorization) LastIntrospection => _server.LogEntries.Last(entry => entry.RequestMessage?.Path == "/introspect").RequestMessage is { } request
        ? (request.Body, request.Headers?["Authorization"].Single())
        : (null, null);

    /// <summary>Answers introspections, from now on, with a body of this status.</summary>
    public void Introspect(string body, int status = 200) => _server
        .Given(Request.Create().WithPath("/introspect").UsingPost())
        .RespondWith(Response.Create().WithStatusCode(status).WithHeader("Content-Type", "application/json").WithBody(body));

    /// <summary>Answers a path with a redirect.</summary>
    public void Redirect(string path, string location) => _server
        .Given(Request.Create().WithPath(path).UsingGet())
        .RespondWith(Response.Create().WithStatusCode(302).WithHeader("Location", location));

    /// <summary>Replaces the key; the old one is published no longer.</summary>
    public void Rotate()
    {
        _key.Dispose();
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _generation++;
        PublishKeys();
    }

    public void PublishKeys(params object[] more)
    {
        var point = _key.ExportParameters(false).Q;
        object own = new { kty = "EC", use = "sig", crv = "P-256", kid = KeyId, x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
        Answer("/keys", System.Text.Json.JsonSerializer.Serialize(new { keys = more.Prepend(own) }));
    }

    public void Stop() => _server.Stop();

    public string Token(IdentityHost host, params (string Name, object? Value)[] changes) => Token(host, "JWT", changes);

    public string Token(IdentityHost host, string? type, (string Name, object? Value)[] changes) => TestJwt.Write(
        TestJwt.Header("ES256", KeyId, type),
        TestJwt.Payload(host.Time, Issuer, host.Resource, "sam", changes),
        bytes => _key.SignData(bytes, HashAlgorithmName.SHA256));

    /// <summary>A good token of the present moment, for a gateway in another process.</summary>
    public string Token(string resource, params (string Name, object? Value)[] changes) => TestJwt.Write(
        TestJwt.Header("ES256", KeyId, "JWT"),
        TestJwt.Payload(TimeProvider.System, Issuer, resource, "sam", changes),
        bytes => _key.SignData(bytes, HashAlgorithmName.SHA256));

    public void Dispose()
    {
        _server.Dispose();
        _key.Dispose();
    }

    private string Metadata(string? issuer, string? keySetUrl) =>
        System.Text.Json.JsonSerializer.Serialize(new { issuer = issuer ?? Issuer, jwks_uri = keySetUrl ?? KeySetUrl });
}
