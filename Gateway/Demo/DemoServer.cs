using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cortex.Demo;

/// <summary>One running demo backend: a Kestrel of its own, on loopback, that shares nothing with the gateway but the process.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private const int MaxBodyBytes = 256 * 1024;

    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private DemoServer(WebApplication app, HttpClient http)
    {
        _app = app;
        _http = http;
    }

    /// <summary>Starts listening; throws <see cref="IOException"/> when the address is taken.</summary>
    /// <param name="address">Where to listen, and whose tokens to accept.</param>
    /// <param name="logging">Receives Kestrel's own log.</param>
    /// <param name="time">Clock of the notes.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<DemoServer> StartAsync(
        DemoAddress address, ILoggerFactory logging, TimeProvider time, CancellationToken cancellationToken)
    {
        var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var notes = new NoteStore(time);
        var endpoint = new DemoEndpoint(
            new DemoTokenValidator(address.Issuer, address.Audience, http),
            new DemoMethods(new DemoTools(notes, time), notes),
            address.Path);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logging);
        builder.Services.AddSingleton<IHostLifetime, GuestLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, address.Base));
        var app = builder.Build();
        app.Run(endpoint.HandleAsync);

        var server = new DemoServer(app, http);
        try
        {
            await app.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private static void Listen(KestrelServerOptions kestrel, Uri address)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        if (IPAddress.TryParse(address.DnsSafeHost, out var ip))
            kestrel.Listen(ip, address.Port);
        else
            kestrel.ListenLocalhost(address.Port);
    }

    /// <summary>Leaves the process's signals, and the words at its start, to the gateway: the demo ends when the gateway stops it.</summary>
    private sealed class GuestLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
