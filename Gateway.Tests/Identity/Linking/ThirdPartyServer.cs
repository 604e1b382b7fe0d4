using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Identity.Linking;

/// <summary>A third-party MCP server at <c>/mcp</c> that wants a token, with its provider below <c>/as</c> of the same address; every document is the test's to change.</summary>
internal sealed class ThirdPartyServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _documents = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _asked = new();

    private ThirdPartyServer(WebApplication app) => _app = app;

    public string Origin { get; private set; } = "";

    public string Issuer => Origin + "/as";

    /// <summary>The challenge of the 401; null for a 401 without one.</summary>
    public string? Challenge { get; set; }

    /// <summary>The one token that it takes; null: none.</summary>
    public string? Token { get; set; }

    /// <summary>Paths that were asked for, but for the MCP endpoint, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public BackendDefinition Backend => BackendDefinitionFactory.Create(BackendId.Parse("canva"), new BackendOptions { Kind = BackendKind.Mcp, Url = Origin + "/mcp" });

    public static async Task<ThirdPartyServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ThirdPartyServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Origin = server._app.Urls.First();
        server.Challenge = $"""Bearer error="invalid_token", resource_metadata="{server.Origin}/meta", scope="read write" """.Trim();
        server.Serve("/meta", server.ResourceMetadata());
        server.Serve("/.well-known/oauth-authorization-server/as", server.ProviderMetadata());
        return server;
    }

    public JsonObject ResourceMetadata() => new()
    {
        ["resource"] = Origin + "/mcp",
        ["authorization_servers"] = new JsonArray(Issuer),
        ["scopes_supported"] = new JsonArray("read", "write", "admin"),
    };

    public JsonObject ProviderMetadata() => new()
    {
        ["issuer"] = Issuer,
        ["authorization_endpoint"] = Issuer + "/authorize",
        ["token_endpoint"] = Issuer + "/token",
        ["registration_endpoint"] = Issuer + "/register",
        ["revocation_endpoint"] = Issuer + "/revoke",
        ["code_challenge_methods_supported"] = new JsonArray("plain", "S256"),
        ["authorization_response_iss_parameter_supported"] = true,
        ["token_endpoint_auth_methods_supported"] = new JsonArray("none", "client_secret_basic"),
    };

    public void Serve(string path, JsonNode document) => _documents[path] = context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(document.ToJsonString());
    };

    /// <summary>Answers whatever comes to a path, by GET or POST.</summary>
    public void Answer(string path, Func<HttpContext, Task> answer) => _documents[path] = answer;

    /// <summary>Answers JSON with a status of its own.</summary>
    public void Answer(string path, int status, JsonNode document) => Answer(path, context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(document.ToJsonString());
    });

    public void Redirect(string path, string to) => _documents[path] = context =>
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    };

    public void Remove(string path) => _documents.TryRemove(path, out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Path == "/mcp")
        {
            if (Token is { } token && context.Request.Headers.Authorization == $"Bearer {token}")
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return Task.CompletedTask;
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            if (Challenge is { } challenge)
                context.Response.Headers.WWWAuthenticate = challenge;
            return Task.CompletedTask;
        }

        var path = context.Request.Path.Value!;
        _asked.Enqueue(path);
        if (_documents.TryGetValue(path, out var document))
            return document(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
