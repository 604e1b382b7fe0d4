using System.Web;
using ModelContextProtocol.Authentication;
using ModelContextProtocol.Client;

namespace Cortex.Tests.Clients;

/// <summary>The C# SDK's client with its own OAuth support.</summary>
internal static class OAuthSdkClient
{
    /// <param name="gatewayUrl">The gateway's origin.</param>
    /// <param name="version">The revision it speaks; null: the newest that both know.</param>
    /// <param name="tokens">Where it keeps its tokens.</param>
    /// <param name="authorizeAsync">The person with their browser: from what the client opens to its redirect URI.</param>
    /// <param name="path">The endpoint.</param>
    public static async Task<McpClient> ConnectAsync(
        string gatewayUrl, string? version, KeptTokens tokens, Func<Uri, CancellationToken, Task<Uri>> authorizeAsync, string path = "/mcp")
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(gatewayUrl + path),
            TransportMode = HttpTransportMode.StreamableHttp,
            OAuth = new ClientOAuthOptions
            {
                RedirectUri = new Uri("http://127.0.0.1:47114/callback"),
                DynamicClientRegistration = new DynamicClientRegistrationOptions { ClientName = "C# client test" },
                AuthorizationCallbackHandler = async (context, cancellationToken) =>
                {
                    var query = HttpUtility.ParseQueryString((await authorizeAsync(context.AuthorizationUri, cancellationToken)).Query);
                    return new AuthorizationResult { Code = query["code"], State = query["state"], Iss = query["iss"] };
                },
                TokenCache = tokens,
            },
        });
        return await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });
    }
}
