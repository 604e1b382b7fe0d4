using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Tests.Cli.BackendTest;

/// <summary>A contract backend without a fault, of which tests spoil one thing: what it checks, what it answers, or how.</summary>
internal sealed class SoundBackend : IAsyncDisposable
{
    public const string Read = "mcp:notes:read";
    public const string Write = "mcp:notes:write";

    private const string Tools = $$$"""
        [
          {"name": "get_help", "scope": "{{{Read}}}", "description": "Explains this backend.", "params": {"topic": "string?"}, "annotations": {"readOnlyHint": true}},
          {"name": "find_notes", "scope": "{{{Read}}}", "description": "Finds notes.", "annotations": {"readOnlyHint": true},
           "inputSchema": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}},
          {"name": "save_note", "scope": "{{{Write}}}", "description": "Saves a note.", "params": {"text": "string"}, "outputSchema": {"type": "object"}}
        ]
        """;

    private static readonly string[] Topics = ["overview", "concepts", "workflows", "conventions", "limits", "examples"];
    private static readonly JsonWebTokenHandler Handler = new();

    private readonly Dictionary<string, Func<JsonElement, Person, SoundReply>> _methods;
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly HttpClient _http = new();
    private readonly string _issuer;
    private WebApplication? _app;
    private JsonWebKeySet? _keys;

    private SoundBackend(string issuer)
    {
        _issuer = issuer;
        _methods = new()
        {
            ["list_tools"] = (_, _) => SoundReply.Ok($$"""{"tools": {{Tools}}}"""),
            ["list_prompts"] = (_, _) => SoundReply.Ok("""{"prompts": [{"name": "review"}, {"name": "translate", "arguments": [{"name": "to", "required": true}]}]}"""),
            ["get_prompt"] = (given, _) => Text(given, "name") is "review"
                ? SoundReply.Ok("""{"messages": [{"role": "user", "content": {"type": "text", "text": "Review."}}]}""")
                : SoundReply.Bad("There is no such prompt."),
            ["list_resource_templates"] = (_, _) => SoundReply.Ok("""{"resourceTemplates": [{"uriTemplate": "notes://note/{id}", "name": "note"}]}"""),
            ["read_resource"] = (given, _) => Text(given, "uri") is null ? SoundReply.Bad("uri is missing.") : new SoundReply(404, """{"error": "There is no such note."}"""),
            ["get_snapshot"] = (_, _) => SoundReply.Ok("""{"name": "Notes", "version": "1"}"""),
            ["whoami"] = (_, me) => SoundReply.Ok($$"""{"id": "{{me.Subject}}"}"""),
            ["list_tickets"] = (_, _) => SoundReply.Ok("""{"tickets": [{"ticketId": "N-1", "status": "open"}]}"""),
            ["get_help"] = (given, _) => Text(given, "topic") is var topic && topic is not null && !Topics.Contains(topic)
                ? SoundReply.Bad($"There is no help on that. Topics: {string.Join(", ", Topics)}.")
                : SoundReply.Ok("""{"text": "Notes are text."}"""),
            ["find_notes"] = (given, _) => Text(given, "query") is null ? SoundReply.Bad("query is missing.") : SoundReply.Ok("""{"notes": []}"""),
            ["save_note"] = (given, _) => Text(given, "text") is null ? SoundReply.Bad("text is missing.") : SoundReply.Ok("""{"saved": true}"""),
        };
    }

    /// <summary>Base address, and audience of its tokens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What it does not check.</summary>
    public Lax Lax { get; set; }

    /// <summary>What it answers to what it does not know.</summary>
    public SoundReply Unknown { get; set; } = SoundReply.Bad("Unknown method.");

    /// <summary>What it answers to a body that is not as it must be.</summary>
    public SoundReply Malformed { get; set; } = SoundReply.Bad("The body must be {method, params}.");

    /// <summary>Comes before everything else; true when it has answered.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    /// <summary>The bodies that arrived, oldest first.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <param name="issuer">Whose tokens it takes.</param>
    public static async Task<SoundBackend> StartAsync(string issuer)
    {
        var backend = new SoundBackend(issuer);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        backend._app = builder.Build();
        backend._app.Run(backend.HandleAsync);
        await backend._app.StartAsync();
        backend.Url = backend._app.Urls.Single();
        return backend;
    }

    /// <summary>From now on answers <paramref name="method"/> with status 200 and <paramref name="json"/>.</summary>
    public void Answer(string method, string json) => Answer(method, SoundReply.Ok(json));

    public void Answer(string method, SoundReply reply) => Answer(method, (_, _) => reply);

    public void Answer(string method, Func<JsonElement, Person, SoundReply> reply) => _methods[method] = reply;

    /// <summary>From now on knows nothing of <paramref name="method"/>.</summary>
    public void Forget(string method) => _methods.Remove(method);

    /// <summary>From now on lists one more tool.</summary>
    public void AddTool(string json) => Answer("list_tools", $$"""{"tools": {{Tools.TrimEnd()[..^1]}}, {{json}}]}""");

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        if (await Before(http))
            return;
        var reply = http.Request.Method != "POST" || http.Request.Path != "/api/cortex/backend"
            ? new SoundReply(405, """{"error": "POST /api/cortex/backend"}""")
            : await ReplyAsync(http);
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.MediaType;
        await http.Response.WriteAsync(reply.Body, http.RequestAborted);
    }

    private async Task<SoundReply> ReplyAsync(HttpContext http)
    {
        if (await AuthenticateAsync(http.Request) is not { } me)
            return new SoundReply(401, """{"error": "The token is missing or not valid here."}""");
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        _requests.Enqueue(text);
        JsonElement body;
        try
        {
            body = JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return Malformed;
        }

        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("method", out var name) || name.ValueKind != JsonValueKind.String)
            return Malformed;
        return Call(name.GetString()!, body.TryGetProperty("params", out var given) ? given : JsonElement.Parse("{}"), me);
    }

    private SoundReply Call(string method, JsonElement given, Person me)
    {
        var isCatalog = method is "list_tools" or "list_prompts" or "list_resource_templates" or "get_snapshot";
        if (!isCatalog && me.Scopes.Contains("cortex:catalog") && !Lax.HasFlag(Lax.Catalog))
            return new SoundReply(403, """{"error": "A catalog token reads the catalog alone."}""");
        var scope = method switch { "get_help" or "find_notes" => Read, "save_note" => Write, _ => null };
        if (_methods.ContainsKey(method) && scope is not null && !me.Scopes.Contains(scope) && !me.Scopes.Contains("cortex:catalog") && !Lax.HasFlag(Lax.Scope))
            return new SoundReply(403, $$"""{"required": "{{scope}}"}""");
        return _methods.TryGetValue(method, out var reply) ? reply(given, me) : Unknown;
    }

    private async Task<Person?> AuthenticateAsync(HttpRequest request)
    {
        var token = request.Headers.Authorization.ToString() is var value && value.StartsWith("Bearer ", StringComparison.Ordinal) ? value["Bearer ".Length..] : null;
        if (token is null)
        {
            if (Lax.HasFlag(Lax.Headers) && request.Headers["X-Cortex-User-Id"].ToString() is { Length: > 0 } id)
                return new Person(id, request.Headers["X-Cortex-Scopes"].ToString().Split(' '));
            return Lax.HasFlag(Lax.Missing) ? new Person("nobody", [Read, Write]) : null;
        }

        try
        {
            _keys ??= new JsonWebKeySet(await _http.GetStringAsync(new Uri($"{_issuer}/.well-known/jwks.json")));
        }
        catch (HttpRequestException)
        {
            return null;
        }

        var result = await Handler.ValidateTokenAsync(token, Rules());
        return result.IsValid ? new Person((string)result.Claims["sub"], ((string)result.Claims["scope"]).Split(' ')) : null;
    }

    private TokenValidationParameters Rules() => new()
    {
        ValidIssuer = _issuer,
        ValidAudience = Url,
        ValidAlgorithms = Lax.HasFlag(Lax.Unsigned) ? null : ["ES256"],
        ValidTypes = Lax.HasFlag(Lax.Type) ? null : ["at+jwt"],
        IssuerSigningKeys = _keys!.GetSigningKeys(),
        ValidateIssuer = !Lax.HasFlag(Lax.Issuer),
        ValidateAudience = !Lax.HasFlag(Lax.Audience),
        ValidateLifetime = !Lax.HasFlag(Lax.Expiry),
        RequireSignedTokens = !Lax.HasFlag(Lax.Unsigned),
        SignatureValidator = Lax.HasFlag(Lax.Signature) ? (token, _) => new JsonWebToken(token) : null,
    };

    private static string? Text(JsonElement given, string name) =>
        given.ValueKind == JsonValueKind.Object && given.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Who calls.</summary>
    internal sealed record Person(string Subject, string[] Scopes);
}

/// <summary>What a <see cref="SoundBackend"/> answers.</summary>
internal sealed record SoundReply(int Status, string Body, string MediaType = "application/json")
{
    public static SoundReply Ok(string json) => new(200, json);

    public static SoundReply Bad(string error) => new(400, new JsonObject { ["error"] = error }.ToJsonString());
}
