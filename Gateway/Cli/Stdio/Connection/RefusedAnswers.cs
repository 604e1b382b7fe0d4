using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio.Connection;

/// <summary>
/// A refusal whose body is an error of JSON-RPC is the answer to the request, whatever its status: the client is to see that error with all its data. Statuses that say something
/// to the bridge itself stay: 401 and a challenge for more scopes when it can sign in, and 404 for a session.
/// </summary>
internal sealed class RefusedAnswers(bool keepsChallenges) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode || request.Content is not JsonContent { Value: JsonRpcRequest asked } || IsForBridge(request, response)
            || response.Content.Headers.ContentType?.MediaType != "application/json")
            return response;
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        if (Read(await response.Content.ReadAsStringAsync(cancellationToken)) is not { } error)
            return response;
        error["id"] = JsonSerializer.SerializeToNode(asked.Id, McpJsonUtilities.DefaultOptions);
        response.StatusCode = HttpStatusCode.OK;
        response.Content = JsonContent.Create(error);
        return response;
    }

    private bool IsForBridge(HttpRequestMessage request, HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized => true,
        HttpStatusCode.Forbidden => keepsChallenges && response.Headers.WwwAuthenticate.Any(challenge => challenge.Parameter?.Contains("insufficient_scope", StringComparison.Ordinal) == true),
        HttpStatusCode.NotFound => request.Headers.Contains("Mcp-Session-Id"),
        _ => false,
    };

    private static JsonObject? Read(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject answer && answer.Member("error") is JsonObject error && error.Member("code") is JsonValue && answer.Member("jsonrpc") is not null ? answer : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
