using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cortex.Tests.Fixtures;

/// <summary>A person with an access token for a gateway under test, who speaks MCP by hand.</summary>
internal sealed class TestPerson : IDisposable
{
    private const string RedirectUri = "http://127.0.0.1:9/callback";

    private readonly string _listensAt;

    private TestPerson(string listensAt, HttpClient http, string accessToken, string clientId)
    {
        _listensAt = listensAt;
        Http = http;
        AccessToken = accessToken;
        ClientId = clientId;
    }

    public HttpClient Http { get; }

    public string AccessToken { get; }

    public string ClientId { get; }

    /// <summary>Path of the endpoint: <c>/mcp</c>, or that of a toolset.</summary>
    public string Path { get; private init; } = "/mcp";

    /// <summary>Registers a client, signs <paramref name="email"/> in, consents, and redeems the code.</summary>
    /// <param name="gateway">Where.</param>
    /// <param name="email">Who.</param>
    /// <param name="scopes">What is asked for.</param>
    /// <param name="resource">What the token is for; null: all of <c>/mcp</c>.</param>
    public static async Task<TestPerson> SignInAsync(GatewayHost gateway, string email, string scopes, string? resource = null)
    {
        resource ??= gateway.McpUrl;
        var http = new HttpClient { BaseAddress = new Uri(gateway.ListensAt) };
        using var registered = await http.PostAsJsonAsync("/oauth/register", new { client_name = "Tests", redirect_uris = new[] { RedirectUri }, token_endpoint_auth_method = "none" });
        var clientId = (await registered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("client_id").GetString()!;
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var authorize = new Uri($"{gateway.Url}/oauth/authorize?response_type=code&client_id={clientId}&redirect_uri={Uri.EscapeDataString(RedirectUri)}"
            + $"&scope={Uri.EscapeDataString(scopes)}&resource={Uri.EscapeDataString(resource)}&code_challenge={challenge}&code_challenge_method=S256&state=s");
        var redirect = await BrowserlessSignIn.AuthorizeAsync(authorize, email, null, CancellationToken.None);
        var code = System.Web.HttpUtility.ParseQueryString(redirect.Query)["code"] ?? throw new InvalidOperationException($"No code in {redirect}.");
        using var token = await http.PostAsync(new Uri("/oauth/token", UriKind.Relative), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = RedirectUri,
            ["client_id"] = clientId,
            ["code_verifier"] = verifier,
            ["resource"] = resource,
        }));
        var body = await token.Content.ReadFromJsonAsync<JsonElement>();
        var accessToken = body.GetProperty("access_token").GetString()!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return new TestPerson(gateway.ListensAt, http, accessToken, clientId);
    }

    /// <summary>Whoever holds this token: a machine, for example.</summary>
    public static TestPerson With(GatewayHost gateway, string accessToken, string clientId) => With(gateway.ListensAt, accessToken, clientId);

    /// <summary>The same at a gateway in a process of its own, by where it listens.</summary>
    public static TestPerson With(string listensAt, string accessToken, string clientId)
    {
        var http = new HttpClient { BaseAddress = new Uri(listensAt) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return new TestPerson(listensAt, http, accessToken, clientId);
    }

    /// <summary>The same person, with the same token, at the address of a toolset, or at <c>/mcp</c> again; with a header to every request, where one is given.</summary>
    public TestPerson AtToolset(string? toolset, string? backends = null)
    {
        var http = new HttpClient { BaseAddress = Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = Http.DefaultRequestHeaders.Authorization;
        if (backends is not null)
            http.DefaultRequestHeaders.TryAddWithoutValidation("X-Cortex-Backends", backends);
        return new TestPerson(_listensAt, http, AccessToken, ClientId) { Path = toolset is null ? "/mcp" : $"/mcp/{toolset}" };
    }

    /// <summary>The same person, with the same token, at another replica.</summary>
    public TestPerson At(GatewayHost replica)
    {
        var http = new HttpClient { BaseAddress = new Uri(replica.ListensAt) };
        http.DefaultRequestHeaders.Authorization = Http.DefaultRequestHeaders.Authorization;
        return new TestPerson(replica.ListensAt, http, AccessToken, ClientId);
    }

    /// <summary>Posts a message of the legacy era.</summary>
    public Task<McpReply> LegacyAsync(string method, JsonObject? parameters = null, string? session = null, string version = "2025-11-25", string? origin = null) =>
        PostAsync(Message(method, parameters).ToJsonString(), request =>
        {
            request.Headers.Add("MCP-Protocol-Version", version);
            if (session is not null)
                request.Headers.Add("Mcp-Session-Id", session);
            if (origin is not null)
                request.Headers.Add("Origin", origin);
        });

    /// <summary>Posts a message of the modern era, with all that it demands.</summary>
    public Task<McpReply> ModernAsync(string method, JsonObject? parameters = null, Action<HttpRequestMessage>? change = null)
    {
        parameters ??= [];
        var name = (string?)(parameters["name"] ?? parameters["uri"]);
        var meta = parameters["_meta"] as JsonObject ?? [];
        meta["io.modelcontextprotocol/protocolVersion"] ??= "2026-07-28";
        meta["io.modelcontextprotocol/clientCapabilities"] ??= new JsonObject();
        parameters["_meta"] = meta;
        return PostAsync(Message(method, parameters).ToJsonString(), request =>
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", method);
            if (name is not null)
                request.Headers.Add("Mcp-Name", name);
            change?.Invoke(request);
        });
    }

    /// <summary>Calls a tool in either era.</summary>
    public Task<McpReply> CallAsync(string tool, JsonObject? arguments = null, bool modern = true)
    {
        var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments ?? [] };
        return modern ? ModernAsync("tools/call", parameters) : LegacyAsync("tools/call", parameters);
    }

    /// <summary>Posts bytes as they are.</summary>
    public async Task<McpReply> PostAsync(string body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_listensAt}{Path}"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        change?.Invoke(request);
        return await McpReply.ReadAsync(await Http.SendAsync(request));
    }

    public void Dispose() => Http.Dispose();

    private static JsonObject Message(string method, JsonObject? parameters)
    {
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 7, ["method"] = method };
        if (method.StartsWith("notifications/", StringComparison.Ordinal))
            message.Remove("id");
        if (parameters is not null)
            message["params"] = parameters.DeepClone();
        return message;
    }
}
