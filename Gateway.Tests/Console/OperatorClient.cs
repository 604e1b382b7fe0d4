using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>An operator with a token for the operator API.</summary>
internal sealed class OperatorClient(HttpClient http, string token) : IDisposable
{
    /// <summary>Signs <paramref name="email"/> in at a configured client and redeems the code.</summary>
    public static async Task<OperatorClient> SignInAsync(GatewayHost gateway, string clientId, string email, string scope)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(gateway.Url) };
        var client = new TestClient(http, gateway.Url, JsonSerializer.SerializeToElement(new { client_id = clientId }));
        var resource = $"{gateway.Url}/api/admin";
        var code = await client.GetCodeAsync(client.AuthorizeUrl(("scope", scope), ("resource", resource)), email: email);
        return new OperatorClient(http, (await client.ExchangeAsync(code, ("resource", resource))).AccessToken);
    }

    /// <summary>Reads something that must be there.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var reply = await SendAsync(HttpMethod.Get, path);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK), await reply.Content.ReadAsStringAsync());
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Makes a change that must succeed, and gives back what is so then.</summary>
    public async Task<JsonElement> ChangeAsync(HttpMethod method, string path, object? body = null)
    {
        using var reply = await SendAsync(method, path, body);
        Assert.That(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return reply.StatusCode == HttpStatusCode.NoContent ? default : await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, object? body = null)
    {
        using var reply = await SendAsync(method, path, body);
        return reply.StatusCode;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/admin/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        return await http.SendAsync(request);
    }

    public void Dispose() => http.Dispose();
}
