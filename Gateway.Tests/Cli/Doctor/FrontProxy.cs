using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Tests.Cli.Doctor;

/// <summary>A reverse proxy that ends TLS before a gateway, as it should, until a test gives it a <see cref="Fault"/>.</summary>
internal sealed class FrontProxy : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromMinutes(5) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly X509Certificate2 _certificate;
    private readonly int _port = ServerProcess.FreePort();
    private WebApplication? _app;

    private FrontProxy(X509Certificate2 certificate)
    {
        _certificate = certificate;
        Certificate = certificate;
    }

    /// <summary>The public address, without a trailing slash.</summary>
    public string Url => $"https://localhost:{_port}";

    /// <summary>Where the gateway listens.</summary>
    public string Target { get; set; } = "";

    /// <summary>Stands before the forwarding, and may change the request, the answer, or answer itself.</summary>
    public Func<HttpContext, Func<Task>, Task> Fault { get; set; } = (_, next) => next();

    public X509Certificate2 Certificate { get; set; }

    /// <summary>True to compress streams of events.</summary>
    public bool Compresses { get; set; }

    public static async Task<FrontProxy> StartAsync(X509Certificate2 certificate)
    {
        var proxy = new FrontProxy(certificate);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, proxy._port, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificate = proxy.Certificate, AllowTlsResume = false }),
        })));
        builder.Services.AddHttpForwarder();
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/event-stream"];
        });
        proxy._app = builder.Build();
        proxy._app.UseWhen(_ => proxy.Compresses, branch => branch.UseResponseCompression());
        proxy._app.Run(proxy.HandleAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>As it was at first.</summary>
    public void Mend() => (Fault, Certificate, Compresses) = ((_, next) => next(), _certificate, false);

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        _client.Dispose();
    }

    private Task HandleAsync(HttpContext http)
    {
        http.Request.Headers["X-Forwarded-Proto"] = http.Request.Scheme;
        http.Request.Headers["X-Forwarded-Host"] = http.Request.Host.Value;
        return Fault(http, () => ForwardAsync(http));
    }

    private async Task ForwardAsync(HttpContext http)
    {
        if (http.Request.Path == "/metrics" && !http.Items.ContainsKey("metrics"))
            http.Response.StatusCode = 404;
        else
            await http.RequestServices.GetRequiredService<IHttpForwarder>().SendAsync(http, Target, _client, Patient, KeepHost.Instance, http.RequestAborted);
    }

    private sealed class KeepHost : HttpTransformer
    {
        public static readonly KeepHost Instance = new();

        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = httpContext.Request.Host.Value;
        }
    }
}
