using Cortex.Foundation.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Foundation.Observability;

/// <summary>A real Kestrel app with nothing but observability in it, behind a door that refuses everyone.</summary>
internal sealed class ProbeHost(WebApplication app) : IAsyncDisposable
{
    /// <summary>The gateway's own address.</summary>
    public Uri Url { get; } = new(app.Urls.First());

    public Readiness Readiness => app.Services.GetRequiredService<Readiness>();

    public HttpClient Client { get; } = new();

    public static async Task<ProbeHost> StartAsync(int? managementPort = null, Dictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddObservability(managementPort);
        var app = builder.Build();
        app.UseObservability();
        app.Use(static (HttpContext context, RequestDelegate next) =>
        {
            context.Response.StatusCode = context.Request.Path == "/open" ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return new ProbeHost(app);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(Url, path));

    /// <summary>What <c>/metrics</c> says now.</summary>
    public Task<string> ScrapeAsync() => Client.GetStringAsync(new Uri(Url, "/metrics"));

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
