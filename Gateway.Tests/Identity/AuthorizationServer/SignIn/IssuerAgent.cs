using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>An agent that gets its access tokens for the gateway by a sign-in at the issuer itself.</summary>
internal static class IssuerAgent
{
    public const string ClientId = "agent";

    private const string RedirectUri = "http://127.0.0.1:9/callback";

    public static async Task<string> GetAccessTokenAsync(OpenIdProvider provider, string resource, string account)
    {
        var verifier = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        using var browser = new FormBrowser();
        var page = await browser.GetAsync(
            new Uri(QueryHelpers.AddQueryString($"{provider.Issuer}/auth", new Dictionary<string, string?>
            {
                ["client_id"] = ClientId,
                ["response_type"] = "code",
                ["redirect_uri"] = RedirectUri,
                ["scope"] = "openid mcp:notes:read",
                ["resource"] = resource,
                ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
                ["code_challenge_method"] = "S256",
            })),
            CancellationToken.None);
        var answer = await OidcBrowser.LogInAsync(browser, page, account);
        using var http = new HttpClient();
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = TestClient.ParametersOf(answer)["code"],
            ["redirect_uri"] = RedirectUri,
            ["client_id"] = ClientId,
            ["code_verifier"] = verifier,
            ["resource"] = resource,
        });
        using var reply = await http.PostAsync(new Uri($"{provider.Issuer}/token"), content);
        return (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}
