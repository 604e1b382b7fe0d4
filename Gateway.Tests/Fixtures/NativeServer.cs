using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;

namespace Cortex.Tests.Fixtures;

/// <summary>A native MCP server of one era, on the C# SDK's own server, that keeps every request it gets. Tools: <see cref="NativeTools"/>.</summary>
internal sealed class NativeServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<CapturedRequest> _requests = new();
    private readonly WebApplication _app;

    private NativeServer(WebApplication app) => _app = app;

    /// <summary>The MCP endpoint: <c>http://127.0.0.1:port/mcp</c>.</summary>
    public string Url => _app.Urls.Single() + "/mcp";

    /// <summary>Port of <see cref="Url"/>.</summary>
    public int Port => new Uri(Url).Port;

    /// <summary>Everything that arrived at the endpoint, oldest first, also what was refused.</summary>
    public IReadOnlyList<CapturedRequest> Requests => [.. _requests];

    /// <summary>When set, gets each request in place of the server; calling the given continuation lets it through.</summary>
    public Func<HttpContext, Func<Task>, Task>? Intercept { get; set; }

    /// <param name="era">What the server speaks.</param>
    /// <param name="issuer">Issuer whose tokens are required, checked by stock JwtBearer from its metadata; null: no token is checked.</param>
    /// <param name="audience">Audience the tokens must have; null with an issuer: the server's own <see cref="Url"/>.</param>
    /// <param name="port">0 for a free one.</param>
    public static async Task<NativeServer> StartAsync(NativeEra era, string? issuer = null, string? audience = null, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddLogging().AddRoutingCore().AddHttpContextAccessor();
        AddMcp(builder.Services, era);
        NativeServer? server = null;
        if (issuer is not null)
            AddAuthentication(builder.Services, issuer, () => audience ?? server!.Url);

        var app = builder.Build();
        server = new NativeServer(app);
        app.Use(server.CaptureAsync);
        app.UseRouting();
        if (issuer is not null)
            app.UseAuthentication().UseAuthorization();
        var endpoint = app.MapMcp("/mcp");
        if (issuer is not null)
            endpoint.RequireAuthorization();
        await app.StartAsync();
        return server;
    }

    /// <summary>The requests of one JSON-RPC method, oldest first.</summary>
    public IReadOnlyList<CapturedRequest> Calls(string method) => [.. _requests.Where(request => request.RpcMethod == method)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void AddMcp(IServiceCollection services, NativeEra era)
    {
        var mcp = services
            .AddMcpServer(options =>
            {
                options.ServerInfo = new Implementation { Name = $"native-{era}", Version = "1.0.0" };
                options.ServerInstructions = "A server for tests.";
                options.ProtocolVersion = era switch
                {
                    NativeEra.Modern => "2026-07-28",
                    NativeEra.LegacyStateless => "2025-11-25",
                    _ => null,
                };
            })
            .WithHttpTransport(options => options.SessionMode = era is NativeEra.LegacyStateful
                ? HttpServerSessionMode.Stateful
                : HttpServerSessionMode.Stateless)
            .WithListToolsHandler(NativeTools.ListAsync)
            .WithCallToolHandler(NativeTools.CallAsync);
#pragma warning disable MCP9005 // Deprecated by MCP, and served by servers of either era.
        if (era is not NativeEra.LegacyStateless)
            mcp.WithSetLoggingLevelHandler((_, _) => ValueTask.FromResult(new EmptyResult()));
#pragma warning restore MCP9005
    }

    private static void AddAuthentication(IServiceCollection services, string issuer, Func<string> audience)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = issuer;
            options.RequireHttpsMetadata = false;
            options.MapInboundClaims = false;
            options.TokenValidationParameters.ValidTypes = ["at+jwt"];
            options.TokenValidationParameters.AudienceValidator = (audiences, _, _) => audiences.Contains(audience());
        });
        services.AddAuthorization();
    }

    private async Task CaptureAsync(HttpContext context, RequestDelegate next)
    {
        _requests.Enqueue(await CapturedRequest.ReadAsync(context.Request));
        if (Intercept is { } intercept)
            await intercept(context, () => next(context));
        else
            await next(context);
    }
}
