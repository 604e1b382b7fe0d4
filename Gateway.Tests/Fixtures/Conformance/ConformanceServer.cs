using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>
/// A native MCP server of both eras with everything the official conformance suite calls by name, on the C# SDK's own server. It keeps every
/// request it gets.
/// </summary>
internal sealed class ConformanceServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<CapturedRequest> _requests = new();
    private readonly WebApplication _app;

    private ConformanceServer(WebApplication app, FixtureLists lists, FixtureSubscriptions subscriptions)
    {
        _app = app;
        Lists = lists;
        Subscriptions = subscriptions;
    }

    /// <summary>The MCP endpoint: <c>http://localhost:port/mcp</c>.</summary>
    public string Url => $"http://localhost:{new Uri(_app.Urls.Single()).Port}/mcp";

    public FixtureLists Lists { get; }

    public FixtureSubscriptions Subscriptions { get; }

    /// <summary>Everything that arrived at the endpoint, oldest first, also what was refused.</summary>
    public IReadOnlyList<CapturedRequest> Requests => [.. _requests];

    /// <summary>When set, gets each request in place of the server; calling the given continuation lets it through.</summary>
    public Func<HttpContext, Func<Task>, Task>? Intercept { get; set; }

    /// <param name="isStateless">True: no sessions for anybody. False: sessions for legacy clients, none for modern ones.</param>
    /// <param name="dropsPrefix">True: tools and prompts are listed without <c>test_</c>.</param>
    /// <param name="refusesModern">True: legacy clients alone are served.</param>
    public static async Task<ConformanceServer> StartAsync(bool isStateless = false, bool dropsPrefix = false, bool refusesModern = false)
    {
        var lists = new FixtureLists(new FixtureNames(dropsPrefix));
        var subscriptions = new FixtureSubscriptions(lists);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging().AddRoutingCore().AddDistributedMemoryCache();
        builder.Services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        AddMcp(builder.Services, lists, subscriptions, isStateless, refusesModern);

        var app = builder.Build();
        var server = new ConformanceServer(app, lists, subscriptions);
        app.UseHostFiltering();
        app.Use(server.CaptureAsync);
        app.UseRouting();
        app.MapMcp("/mcp");
        await app.StartAsync();
        return server;
    }

    /// <summary>The requests of one JSON-RPC method, oldest first.</summary>
    public IReadOnlyList<CapturedRequest> Calls(string method) => [.. _requests.Where(request => request.RpcMethod == method)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void AddMcp(IServiceCollection services, FixtureLists lists, FixtureSubscriptions subscriptions, bool isStateless, bool refusesModern)
    {
        var mcp = services
            .AddMcpServer(options => Configure(options, lists))
            .WithHttpTransport(options =>
            {
                options.SessionMode = isStateless ? HttpServerSessionMode.Stateless
                    : refusesModern ? HttpServerSessionMode.Stateful
                    : HttpServerSessionMode.StatefulForInitializeClients;
                options.RunSessionHandler = subscriptions.RunSessionAsync;
            })
            .WithDistributedCacheEventStreamStore()
            .WithCompleteHandler(FixtureCompletions.CompleteAsync)
            .WithSetLoggingLevelHandler(SetLevelAsync)
            .WithSubscriptionsListenHandler(subscriptions.ListenAsync)
            .WithRequestFilters(filters =>
            {
                FixtureCaching.AddHints(filters);
                filters.AddCallToolFilter(next => (request, ending) => EndStreamEarlyAsync(next, lists.Names, request, ending));
            });
        if (!isStateless)
            mcp.WithSubscribeToResourcesHandler(subscriptions.SubscribeAsync).WithUnsubscribeFromResourcesHandler(subscriptions.UnsubscribeAsync);
    }

    private static void Configure(McpServerOptions options, FixtureLists lists)
    {
        options.ServerInfo = new Implementation { Name = "conformance-fixture", Version = "1.0.0" };
        options.ServerInstructions = "A server for the conformance suite.";
        options.ToolCollection = lists.Tools;
        options.PromptCollection = lists.Prompts;
        options.ResourceCollection = lists.Resources;
        options.Capabilities = new ServerCapabilities
        {
            Tools = new ToolsCapability { ListChanged = true },
            Prompts = new PromptsCapability { ListChanged = true },
            Resources = new ResourcesCapability { Subscribe = true },
        };
    }

    private static async ValueTask<EmptyResult> SetLevelAsync(RequestContext<SetLevelRequestParams> context, CancellationToken cancellationToken)
    {
        await context.Server.SendMessageAsync(
            new JsonRpcNotification
            {
                Method = "notifications/message",
                Params = new JsonObject { ["level"] = "info", ["logger"] = "conformance", ["data"] = $"The level is now {context.Params!.Level}." },
            },
            cancellationToken);
        return new EmptyResult();
    }

    /// <summary>Ends the stream of one tool before its result, so that the client comes back for it by GET.</summary>
    private static async ValueTask<CallToolResult> EndStreamEarlyAsync(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        FixtureNames names,
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken)
    {
        var result = await next(request, cancellationToken);
        if (request.Params!.Name == names.Of(StreamTools.Reconnection))
            await request.EnablePollingAsync(TimeSpan.FromMilliseconds(500), cancellationToken);
        return result;
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
