using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>Whether <c>/mcp</c> lets a token in.</summary>
internal static class McpDoor
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static async Task<HttpResponseMessage> KnockAsync(GatewayHost gateway, string token)
    {
        using var http = new HttpClient { BaseAddress = new Uri(gateway.ListensAt) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        return await http.SendAsync(request);
    }

    public static async Task<bool> IsOpenAsync(GatewayHost gateway, string token)
    {
        using var reply = await KnockAsync(gateway, token);
        return reply.StatusCode != HttpStatusCode.Unauthorized;
    }

    /// <summary>Fails unless the token is refused by all of them within a second.</summary>
    public static async Task RequireClosedAsync(string token, params GatewayHost[] replicas)
    {
        var since = Stopwatch.StartNew();
        foreach (var replica in replicas)
        {
            while (await IsOpenAsync(replica, token))
                Assert.That(since.Elapsed, Is.LessThan(Second));
        }
    }
}
