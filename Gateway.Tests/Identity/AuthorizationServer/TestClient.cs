using System.Net;
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
internal sealed class TestClient(AuthorizationServerHost server, JsonElement registration)
{
    public const string RedirectUri = "http://127.0.0.1/callback";

    public string Id => registration.GetProperty("client_id").GetString()!;

    /// <summary>What this client proves itself by when it comes for its tokens.</summary>
    public string Verifier { get; } = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    public string Challenge => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static async Task<TestClient> RegisterAsync(AuthorizationServerHost server, object? metadata = null)
    {
        using var reply = await server.Http.PostAsJsonAsync("/oauth/register", metadata ?? new
        {
            client_name = "Test client",
            redirect_uris = new[] { RedirectUri },
            token_endpoint_auth_method = "none",
        });
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Created), await reply.Content.ReadAsStringAsync());
        return new TestClient(server, await reply.Content.ReadFromJsonAsync<JsonElement>());
    }

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
            ["resource"] = server.Resource,
        };
        foreach (var (name, value) in changes)
            parameters[name] = value;
        return new Uri(QueryHelpers.AddQueryString(server.Url + "/oauth/authorize", parameters.Where(parameter => parameter.Value is not null)));
    }

    /// <summary>Lets a person sign in and allow; returns the parameters that the client gets back.</summary>
    public async Task<Dictionary<string, string>> AuthorizeAsync(Uri? url = null, Func<string, bool>? keepScope = null, string email = "alice@example.com")
    {
        var answer = await BrowserlessSignIn.AuthorizeAsync(url ?? AuthorizeUrl(), email, keepScope, CancellationToken.None);
        Assert.That(answer.GetLeftPart(UriPartial.Path), Is.EqualTo(RedirectUri));
        return ParametersOf(answer);
    }

    public async Task<string> GetCodeAsync(Uri? url = null, Func<string, bool>? keepScope = null, string email = "alice@example.com") =>
        (await AuthorizeAsync(url, keepScope, email))["code"];

    public Task<TokenReply> ExchangeAsync(string code, params (string Name, string? Value)[] changes) => RequestAsync(
        [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", Verifier),
            ("client_id", Id), ("resource", server.Resource), .. changes,
        ]);

    public Task<TokenReply> RefreshAsync(string refreshToken, params (string Name, string? Value)[] changes) => RequestAsync(
        [("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", Id), .. changes]);

    /// <summary>Tokens by the whole flow.</summary>
    public async Task<TokenReply> GetTokensAsync(Uri? url = null, Func<string, bool>? keepScope = null) =>
        await ExchangeAsync(await GetCodeAsync(url, keepScope));

    public static Dictionary<string, string> ParametersOf(Uri answer) =>
        QueryHelpers.ParseQuery(answer.Query).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());

    private async Task<TokenReply> RequestAsync((string Name, string? Value)[] parameters)
    {
        var last = new Dictionary<string, string?>();
        foreach (var (name, value) in parameters)
            last[name] = value;
        using var content = new FormUrlEncodedContent(last.Where(parameter => parameter.Value is not null)!);
        using var reply = await server.Http.PostAsync("/oauth/token", content);
        return new TokenReply(reply.StatusCode, await reply.Content.ReadFromJsonAsync<JsonElement>());
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
