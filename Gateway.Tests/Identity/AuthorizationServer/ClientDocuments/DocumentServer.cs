using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Cortex.Foundation.Outbound;
using Cortex.Identity.AuthorizationServer.ClientDocuments;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Identity.AuthorizationServer.ClientDocuments;

/// <summary>
/// A foreign site over https that publishes documents, on this machine's loopback under names of its own, with the exceptions that let a gateway
/// under test reach it.
/// </summary>
internal sealed class DocumentServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new();
    private readonly ConcurrentDictionary<string, int> _hits = new();

    private DocumentServer(WebApplication app, X509Certificate2 certificate, int port)
    {
        (_app, _certificate, Port) = (app, certificate, port);
        app.Run(AnswerAsync);
    }

    public int Port { get; }

    public static async Task<DocumentServer> StartAsync()
    {
        var port = ServerProcess.FreePort();
        var certificate = Certify();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.UseHttps(certificate)));
        var server = new DocumentServer(builder.Build(), certificate, port);
        await server._app.StartAsync();
        return server;
    }

    public string Url(string path) => $"https://client.example:{Port}{path}";

    /// <summary>How often a path was asked for.</summary>
    public int Hits(string path) => _hits.GetValueOrDefault(path);

    public void Answer(string path, RequestDelegate answer) => _answers[path] = answer;

    /// <summary>Publishes a document.</summary>
    public void Publish(string path, object document, string? cacheControl = null, string contentType = "application/json") =>
        Answer(path, context =>
        {
            context.Response.ContentType = contentType;
            context.Response.Headers.CacheControl = cacheControl;
            return context.Response.WriteAsync(document as string ?? JsonSerializer.Serialize(document));
        });

    /// <summary>A document in order at a path.</summary>
    public Dictionary<string, object?> Document(string path, params (string Name, object? Value)[] changes)
    {
        var document = new Dictionary<string, object?>
        {
            ["client_id"] = Url(path),
            ["client_name"] = "Document client",
            ["redirect_uris"] = new[] { TestClient.RedirectUri },
            ["token_endpoint_auth_method"] = "none",
        };
        foreach (var (name, value) in changes)
            document[name] = value;
        return document.Where(member => member.Value is not null).ToDictionary();
    }

    /// <summary>Lets a gateway find this server, trust its certificate, and reach it on loopback or, with the policy as it is, not.</summary>
    public void Register(IServiceCollection services, OutboundTrust trust = OutboundTrust.DiscoveredOnLoopback)
    {
        services.AddSingleton(new TrustedRoots(_certificate));
        services.AddSingleton(new DocumentTrust(trust));
        services.AddSingleton<HostResolver>((host, _) => Task.FromResult(host switch
        {
            "inside.example" => [IPAddress.Parse("10.0.0.7")],
            "rebound.example" => [IPAddress.Parse("169.254.169.254"), IPAddress.Parse("fd00::1")],
            _ => new[] { IPAddress.Loopback },
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _hits.AddOrUpdate(path, 1, (_, hits) => hits + 1);
        if (_answers.TryGetValue(path, out var answer))
            return answer(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static X509Certificate2 Certify()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client.example", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in new[] { "client.example", "other.example", "localhost" })
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
