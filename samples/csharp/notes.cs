// A contract backend for Cortex Gateway: notes, one notebook a person. .NET 10.
// Run: dotnet run notes.cs    Settings: PORT, CORTEX_ISSUER (<gateway publicUrl>/identity), CORTEX_AUDIENCE (this backend's url in cortex.yaml)
#:sdk Microsoft.NET.Sdk.Web
#:package Microsoft.AspNetCore.Authentication.JwtBearer@10.0.15
#:property PublishAot=false

using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;

var port = Environment.GetEnvironmentVariable("PORT") ?? "4821";
var issuer = Environment.GetEnvironmentVariable("CORTEX_ISSUER") ?? "http://localhost:8080/identity";
var audience = Environment.GetEnvironmentVariable("CORTEX_AUDIENCE") ?? $"http://127.0.0.1:{port}";

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 256 * 1024);
builder.Services.AddAuthorization();
builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
{
    options.Authority = issuer; // metadata and keys come from here: signature, issuer and expiry are checked against them
    options.Audience = audience;
    options.RequireHttpsMetadata = issuer.StartsWith("https:");
    options.MapInboundClaims = false;
    options.TokenValidationParameters.ValidTypes = ["at+jwt"];
    options.TokenValidationParameters.ValidAlgorithms = ["ES256"];
    options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
});

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapPost("/api/cortex/backend", async (HttpContext context) =>
{
    try
    {
        var body = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
        var method = body.GetProperty("method").GetString()!;
        return Results.Json(Notes.Call(method, body.TryGetProperty("params", out var given) ? given : default, context.User));
    }
    catch (Refusal refusal)
    {
        return Results.Json(refusal.Body, statusCode: refusal.Status);
    }
    catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
    {
        return Results.Json(new { error = "The body must be JSON: {method, params}." }, statusCode: 400);
    }
}).RequireAuthorization();
app.Run();

sealed class Refusal(int status, object body) : Exception
{
    public int Status => status;
    public object Body => body is string text ? new { error = text } : body;
}

sealed record Note(string Id, string Title, string Text, string[] Tags, DateTimeOffset SavedAt);
sealed record Tool(string Scope, string Description, Dictionary<string, string> Params, Func<JsonElement, string, object> Run);

static class Notes
{
    const string Read = "mcp:notes:read", Write = "mcp:notes:write";
    static readonly ConcurrentDictionary<(string Person, string Id), Note> Kept = new();
    static readonly Dictionary<string, string> Help = new()
    {
        ["overview"] = "A notebook for each person. list_notes reads it, save_note and delete_note change it.",
        ["concepts"] = "Note: an id, a title, a text, tags, and when it was saved. Nobody sees the notes of another person.",
        ["workflows"] = "To change a note: list_notes for its id, save_note with the new text, delete_note with the old id.",
        ["conventions"] = "Times are ISO 8601 in UTC. An error says what to do next.",
        ["limits"] = "100 notes a person, in memory: they end with the process.",
        ["examples"] = """save_note {"title": "Groceries", "text": "Milk"} · list_notes {"query": "milk", "limit": 5}""",
    };
    static readonly Dictionary<string, Tool> Tools = new()
    {
        ["echo"] = new(Read, "Returns the text it was given.", new() { ["text"] = "string" }, (given, _) => new { text = Text(given, "text") }),
        ["get_time"] = new(Read, "Returns the current time in UTC.", [], (_, _) => new { time = DateTimeOffset.UtcNow }),
        ["list_notes"] = new(Read, "Lists your notes, newest first.", new() { ["query"] = "string?", ["limit"] = "number?" }, (given, me) => new
        {
            notes = Of(me).Where(note => $"{note.Title} {note.Text}".Contains(Text(given, "query"), StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(note => note.SavedAt).Take(given.TryGetProperty("limit", out var limit) ? (int)limit.GetDouble() : 20),
        }),
        ["save_note"] = new(Write, "Saves a new note.", new() { ["title"] = "string", ["text"] = "string", ["tags"] = "string[]?" }, (given, me) =>
        {
            if (Of(me).Count() >= 100) throw new Refusal(400, "You have 100 notes already. Delete one with delete_note.");
            string[] tags = given.TryGetProperty("tags", out var list) ? [.. list.EnumerateArray().Select(tag => tag.GetString()!)] : [];
            var note = new Note(Guid.NewGuid().ToString("N"), Text(given, "title"), Text(given, "text"), tags, DateTimeOffset.UtcNow);
            return Kept[(me, note.Id)] = note;
        }),
        ["delete_note"] = new(Write, "Deletes one of your notes for good.", new() { ["id"] = "string" }, (given, me) => Kept.TryRemove((me, Text(given, "id")), out _)
            ? new { deleted = Text(given, "id") }
            : throw new Refusal(400, $"You have no note '{Text(given, "id")}'. list_notes shows the ids.")),
        ["get_help"] = new(Read, $"Explains this backend. Topics: {string.Join(", ", Help.Keys)}.", new() { ["topic"] = "string?" }, (given, _) =>
            Text(given, "topic") is var topic && Help.TryGetValue(topic is "" ? "overview" : topic, out var text)
                ? new { topic, text }
                : throw new Refusal(400, $"There is no help on '{topic}'. Topics: {string.Join(", ", Help.Keys)}.")),
    };

    public static object Call(string method, JsonElement given, ClaimsPrincipal user)
    {
        var me = user.FindFirstValue("sub")!;
        var scopes = (user.FindFirstValue("scope") ?? "").Split(' ');
        switch (method) // the gateway's machine token may read these, and nothing else
        {
            case "list_tools": return new
            {
                tools = Tools.Select(t => new
                {
                    name = t.Key, scope = t.Value.Scope, description = t.Value.Description, @params = t.Value.Params, annotations = new { readOnlyHint = t.Value.Scope == Read },
                }),
            };
            case "list_prompts": return new { prompts = Array.Empty<object>() };
            case "list_resource_templates": return new { resourceTemplates = Array.Empty<object>() };
            case "get_snapshot": return new { name = "Notes", version = "1.0.0", tools = Tools.Keys };
        }

        if (scopes.Contains("cortex:catalog")) throw new Refusal(403, $"A catalog token may not call '{method}'.");
        if (method == "whoami") return new { id = me, email = user.FindFirstValue("email"), clientId = user.FindFirstValue("client_id"), scopes };
        var tool = Tools.GetValueOrDefault(method) ?? throw new Refusal(400, $"Unknown method '{method}'.");
        if (!scopes.Contains(tool.Scope)) throw new Refusal(403, new { required = tool.Scope });
        given = given.ValueKind is JsonValueKind.Undefined ? JsonElement.Parse("{}") : given;
        foreach (var name in given.EnumerateObject().Select(member => member.Name).Where(name => !tool.Params.ContainsKey(name)))
            throw new Refusal(400, $"Parameter '{name}' is unknown.");
        foreach (var (name, type) in tool.Params)
            if (!(given.TryGetProperty(name, out var value) ? Fits(type.TrimEnd('?'), value) : type.EndsWith('?')))
                throw new Refusal(400, $"Parameter '{name}' must be of type {type.TrimEnd('?')}.");
        return tool.Run(given, me);
    }

    static IEnumerable<Note> Of(string person) => Kept.Where(entry => entry.Key.Person == person).Select(entry => entry.Value);

    static string Text(JsonElement given, string name) => given.TryGetProperty(name, out var value) ? value.GetString()! : "";

    static bool Fits(string type, JsonElement value) => type.EndsWith("[]")
        ? value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(item => Fits(type[..^2], item))
        : value.ValueKind == (type is "string" ? JsonValueKind.String : JsonValueKind.Number);
}
