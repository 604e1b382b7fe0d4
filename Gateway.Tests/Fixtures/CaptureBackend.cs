using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cortex.Tests.Fixtures;

/// <summary>
/// A contract backend that keeps every request it gets and answers as told. Untold, it lists no tools and answers any call with
/// <c>{"ok": true}</c>. It checks no tokens: tests look at what arrived.
/// </summary>
internal sealed class CaptureBackend : IAsyncDisposable
{
    private readonly ConcurrentQueue<CapturedRequest> _requests = new();
    private readonly ConcurrentDictionary<string, Func<HttpContext, JsonElement, Task>> _replies = new(StringComparer.Ordinal);
    private WebApplication? _app;

    private CaptureBackend()
    {
        Reply("list_tools", """{"tools": []}""");
        Reply("list_prompts", """{"prompts": []}""");
        Reply("list_resource_templates", """{"resourceTemplates": []}""");
    }

    /// <summary>Base address, without the contract's path and without a trailing slash.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Port of <see cref="Url"/>.</summary>
    public int Port => new Uri(Url).Port;

    /// <summary>Everything that arrived, oldest first.</summary>
    public IReadOnlyList<CapturedRequest> Requests => [.. _requests];

    /// <param name="port">0 for a free one; another to come back at the address of a backend that was stopped.</param>
    public static async Task<CaptureBackend> StartAsync(int port = 0)
    {
        var backend = new CaptureBackend();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        backend._app = builder.Build();
        backend._app.Run(backend.HandleAsync);
        await backend._app.StartAsync();
        backend.Url = backend._app.Urls.Single();
        return backend;
    }

    /// <summary>The calls of one method, oldest first.</summary>
    public IReadOnlyList<CapturedRequest> Calls(string method) => [.. _requests.Where(request => request.RpcMethod == method)];

    /// <summary>Lists tools: each an entry of <c>list_tools</c> as JSON.</summary>
    public void ListTools(params IEnumerable<string> tools) => Reply("list_tools", $$"""{"tools": [{{string.Join(", ", tools)}}]}""");

    /// <summary>Lists one more tool with simplified parameters.</summary>
    /// <returns>The entry, for <see cref="ListTools"/>.</returns>
    public static string Tool(string name, string scope, params IEnumerable<(string Name, string Type)> parameters) => new JsonObject
    {
        ["name"] = name,
        ["scope"] = scope,
        ["description"] = $"The tool {name}.",
        ["params"] = new JsonObject(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.Type))),
    }.ToJsonString();

    /// <summary>From now on answers <paramref name="method"/> with status 200 and <paramref name="json"/>.</summary>
    public void Reply(string method, string json) => Reply(method, StatusCodes.Status200OK, json);

    /// <summary>From now on answers <paramref name="method"/> with this status, body and headers.</summary>
    public void Reply(
        string method, int status, string body, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        Handle(method, async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers)
                context.Response.Headers.Append(name, value);
            await context.Response.WriteAsync(body, context.RequestAborted);
        });

    /// <summary>From now on hands <paramref name="method"/>, with its <c>params</c>, to <paramref name="handler"/>.</summary>
    public void Handle(string method, Func<HttpContext, JsonElement, Task> handler) => _replies[method] = handler;

    /// <summary>From now on lets <paramref name="method"/> wait until the caller gives up or <paramref name="release"/> ends.</summary>
    public void Hang(string method, CancellationToken release) => Handle(method, async (context, _) =>
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, release);
        var gone = new TaskCompletionSource();
        await using var registration = ended.Token.Register(gone.SetResult);
        await gone.Task;
    });

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = await CapturedRequest.ReadAsync(context.Request);
        _requests.Enqueue(request);
        if (request.RpcMethod is not { } method)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var parameters = request.Json.TryGetProperty("params", out var found) ? found : default;
        if (_replies.TryGetValue(method, out var reply))
            await reply(context, parameters);
        else
            await context.Response.WriteAsJsonAsync(new { ok = true }, context.RequestAborted);
    }
}
