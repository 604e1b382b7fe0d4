using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>An OAuth client that registered itself, with the requests it can make.</summary>
/// <param name="http">Talks to the server.</param>
/// <param name="url">The server's public origin.</param>
/// <param name="registration">The reply to the registration.</param>
internal sealed class TestClient(HttpClient http, string url, JsonElement registration)
{
    public const string RedirectUri = "http://127.0.0.1/callback";

    public string Id => registration.GetProperty("client_id").GetString()!;

    /// <summary>Null for a public client.</summary>
    public string? Secret => registration.TryGetProperty("client_secret", out var secret) ? secret.GetString() : null;

    /// <summary>What this client proves itself by when it comes for its tokens.</summary>
    public string Verifier { get; private init; } = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    public string Challenge => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static Task<TestClient> RegisterAsync(AuthorizationServerHost server, object? metadata = null) => RegisterAsync(server.Http, server.Url, metadata);

    public static async Task<TestClient> RegisterAsync(HttpClient http, string url, object? metadata = null)
    {
        using var reply = await http.PostAsJsonAsync("/oauth/register", metadata ?? new
        {
            client_name = "Test client",
            redirect_uris = new[] { RedirectUri },
            token_endpoint_auth_method = "none",
        });
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Created), await reply.Content.ReadAsStringAsync());
        return new TestClient(http, url, await reply.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>The same client at another replica.</summary>
    public TestClient At(HttpClient replica) => new(replica, url, registration) { Verifier = Verifier };

    /// <summary>The URL a client opens; parameters given here replace or, when null, remove its own.</summary>
    public Uri AuthorizeUrl(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = Id,
            ["redirect_uri"] = RedirectUri,
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
            ["state"] = "state-1",
            ["scope"] = "mcp:notes:read mcp:notes:write offline_access",
            ["resource"] = url + "/mcp",
        };
        foreach (var (name, value) in changes)
            parameters[name] = value;
        return new Uri(QueryHelpers.AddQueryString(url + "/oauth/authorize", parameters.Where(parameter => parameter.Value is not null)));
    }

    /// <summary>Lets a person sign in and allow; returns the parameters that the client gets back.</summary>
    public async Task<Dictionary<string, string>> AuthorizeAsync(Uri? address = null, Func<string, bool>? keepScope = null, string email = "alice@example.com")
    {
        var answer = await BrowserlessSignIn.AuthorizeAsync(address ?? AuthorizeUrl(), email, keepScope, CancellationToken.None);
        Assert.That(answer.GetLeftPart(UriPartial.Path), Is.EqualTo(RedirectUri));
        return ParametersOf(answer);
    }

    public async Task<string> GetCodeAsync(Uri? address = null, Func<string, bool>? keepScope = null, string email = "alice@example.com") =>
        (await AuthorizeAsync(address, keepScope, email))["code"];

    public Task<TokenReply> ExchangeAsync(string code, params (string Name, string? Value)[] changes) => RequestAsync(
        [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", Verifier),
            ("client_id", Id), ("client_secret", Secret), ("resource", url + "/mcp"), .. changes,
        ]);

    public Task<TokenReply> RefreshAsync(string refreshToken, params (string Name, string? Value)[] changes) => RequestAsync(
        [("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", Id), ("client_secret", Secret), .. changes]);

    /// <summary>Tokens by the whole flow.</summary>
    public async Task<TokenReply> GetTokensAsync(Uri? address = null, Func<string, bool>? keepScope = null) =>
        await ExchangeAsync(await GetCodeAsync(address, keepScope));

    public static Dictionary<string, string> ParametersOf(Uri answer) =>
        QueryHelpers.ParseQuery(answer.Query).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());

    /// <summary>Asks <c>/oauth/revoke</c> or <c>/oauth/introspect</c> about a token.</summary>
    public Task<TokenReply> PresentAsync(string path, string token, params (string Name, string? Value)[] changes) =>
        PostAsync(http, path, [("token", token), ("client_id", Id), ("client_secret", Secret), .. changes]);

    private Task<TokenReply> RequestAsync((string Name, string? Value)[] parameters) => PostAsync(http, "/oauth/token", parameters);

    /// <summary>Posts a form; of a repeated parameter the last counts, and what is null is left out.</summary>
    public static async Task<TokenReply> PostAsync(HttpClient http, string path, (string Name, string? Value)[] parameters, AuthenticationHeaderValue? authorization = null)
    {
        var last = new Dictionary<string, string?>();
        foreach (var (name, value) in parameters)
            last[name] = value;
        using var content = new FormUrlEncodedContent(last.Where(parameter => parameter.Value is not null)!);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Authorization = authorization;
        using var reply = await http.SendAsync(request);
        var body = await reply.Content.ReadAsStringAsync();
        return new TokenReply(reply.StatusCode, JsonDocument.Parse(body.Length == 0 ? "{}" : body).RootElement);
    }
}

/// <summary>What the token endpoint answered.</summary>
internal sealed record TokenReply(HttpStatusCode Status, JsonElement Json)
{
    public string AccessToken => Text("access_token")!;

    public string RefreshToken => Text("refresh_token")!;

    public string? Error => Text("error");

    public string? Text(string name) => Json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
