using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures;

/// <summary>
/// A native MCP server whose lists depend on the bearer token, on the C# SDK's own server. Who comes is the token itself, or the <c>sub</c> of a JWT; without
/// one it answers 401. Somebody's lists: the tools <see cref="GiveTools"/> gave them, or <c>of_{who}</c>, the prompt <c>prompt_{who}</c>, the resource
/// <c>mine://{who}</c> and the template <c>mine://{who}/{page}</c>. Whatever is called says who called.
/// </summary>
internal sealed class PersonalServer : IAsyncDisposable
{
    private static readonly JsonElement s_empty = JsonSerializer.Deserialize<JsonElement>("""{"type":"object","properties":{}}""");

    private readonly ConcurrentDictionary<string, string[]> _tools = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _lists = new();
    private readonly WebApplication _app;

    private PersonalServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/mcp";

    /// <summary>Names of those for whom everything fails.</summary>
    public ConcurrentDictionary<string, bool> Failing { get; } = new(StringComparer.Ordinal);

    /// <summary>Tokens that are refused.</summary>
    public ConcurrentDictionary<string, bool> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>When set, every list of tools waits for it.</summary>
    public Task? Hold { get; set; }

    /// <summary>How long clients may keep the tools; null: the server does not say.</summary>
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>True: tools are also listed to who brings no token.</summary>
    public bool IsOpen { get; set; }

    public static async Task<PersonalServer> StartAsync(NativeEra era)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging().AddRoutingCore().AddHttpContextAccessor();
        PersonalServer? server = null;
        builder.Services
            .AddMcpServer(options => options.ProtocolVersion = era == NativeEra.Modern ? "2026-07-28" : null)
            .WithHttpTransport(options => options.SessionMode = era == NativeEra.LegacyStateful ? HttpServerSessionMode.Stateful : HttpServerSessionMode.Stateless)
            .WithListToolsHandler((context, _) => server!.ListToolsAsync(Who(context)))
            .WithCallToolHandler((context, _) => server!.Call(Who(context), context.Params!.Name))
            .WithListPromptsHandler((context, _) => ValueTask.FromResult(new ListPromptsResult { Prompts = [new Prompt { Name = $"prompt_{Who(context)}" }] }))
            .WithGetPromptHandler((context, _) => ValueTask.FromResult(new GetPromptResult { Messages = [new PromptMessage { Role = Role.User, Content = Text($"asked as {Who(context)}") }] }))
            .WithListResourcesHandler((context, _) => ValueTask.FromResult(new ListResourcesResult { Resources = [new Resource { Name = "mine", Uri = $"mine://{Who(context)}" }] }))
            .WithListResourceTemplatesHandler((context, _) => ValueTask.FromResult(new ListResourceTemplatesResult
            {
                ResourceTemplates = [new ResourceTemplate { Name = "page", UriTemplate = $"mine://{Who(context)}/{{page}}" }],
            }))
            .WithReadResourceHandler((context, _) => ValueTask.FromResult(new ReadResourceResult
            {
                Contents = [new TextResourceContents { Uri = context.Params!.Uri, Text = $"read as {Who(context)}" }],
            }))
            .WithCompleteHandler((context, _) => ValueTask.FromResult(new CompleteResult { Completion = new Completion { Values = [$"completed as {Who(context)}"] } }));
        var app = builder.Build();
        server = new PersonalServer(app);
        app.Use(server.CheckAsync);
        app.UseRouting();
        app.MapMcp("/mcp");
        await app.StartAsync();
        return server;
    }

    /// <summary>The tools somebody has from now on.</summary>
    public void GiveTools(string who, params string[] tools) => _tools[who] = tools;

    /// <summary>How often somebody's tools were listed.</summary>
    public int Lists(string who) => _lists.Count(one => one == who);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Who<T>(RequestContext<T> context) => Who(context.Services!.GetRequiredService<IHttpContextAccessor>().HttpContext!);

    private static string Who(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal))
            return "nobody";
        var token = authorization["Bearer ".Length..];
        return token.Split('.') is [_, var payload, _] ? (string)JsonNode.Parse(Base64UrlEncoder.DecodeBytes(payload))!["sub"]! : token;
    }

    private async ValueTask<ListToolsResult> ListToolsAsync(string who)
    {
        _lists.Enqueue(who);
        if (Hold is { } hold)
            await hold;
        return new ListToolsResult { Tools = [.. ToolsOf(who).Select(name => new Tool { Name = name, Description = $"For {who} alone.", InputSchema = s_empty })], TimeToLive = TimeToLive };
    }

    private ValueTask<CallToolResult> Call(string who, string tool) => ToolsOf(who).Contains(tool)
        ? ValueTask.FromResult(new CallToolResult { Content = [Text($"called as {who}")] })
        : throw new McpProtocolException($"Unknown tool: '{tool}'", McpErrorCode.InvalidParams);

    private string[] ToolsOf(string who) => _tools.GetValueOrDefault(who, [$"of_{who}"]);

    private static TextContentBlock Text(string text) => new() { Text = text };

    private async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var who = Who(http);
        if (Failing.ContainsKey(who))
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        else if ((who == "nobody" && !IsOpen) || Refused.ContainsKey(who))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }
        else
        {
            await next(http);
        }
    }
}
