using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio.Connection;

/// <summary>What a client of the handshake era agreed with the gateway, and has told it since: enough to begin its session anew when the gateway has lost it.</summary>
/// <param name="request">The client's <c>initialize</c>.</param>
internal sealed class Handshake(JsonRpcRequest request)
{
    private const string SetLevel = "logging/setLevel";

    private readonly ConcurrentDictionary<string, JsonNode?> _subscriptions = new(StringComparer.Ordinal);
    private volatile JsonNode? _result;
    private volatile JsonNode? _level;

    /// <summary>True once the gateway has agreed.</summary>
    public bool IsDone => _result is not null;

    /// <summary>Notes the gateway's answer, if it is one to the client's <c>initialize</c>.</summary>
    public void Note(JsonRpcMessage message)
    {
        if (message is JsonRpcResponse response && response.Id == request.Id && !IsDone)
            _result = response.Result;
    }

    /// <summary>Notes what lasts as long as a session, once the gateway has taken it.</summary>
    public void Taken(JsonRpcMessage message)
    {
        if (message is not JsonRpcRequest { Params: { } parameters } taken)
            return;
        switch (taken.Method)
        {
            case SetLevel:
                _level = parameters;
                break;
            case RequestMethods.ResourcesSubscribe when parameters.Member("uri").Text() is { } uri:
                _subscriptions[uri] = parameters;
                break;
            case RequestMethods.ResourcesUnsubscribe when parameters.Member("uri").Text() is { } uri:
                _subscriptions.TryRemove(uri, out _);
                break;
        }
    }

    /// <summary>Begins the session anew on another connection, as the client once did.</summary>
    /// <returns>What to tell the client: its lists may have changed meanwhile.</returns>
    /// <exception cref="SessionLostException">The gateway does not agree to the same again.</exception>
    public async Task<IReadOnlyList<JsonRpcNotification>> RepeatAsync(GatewayConnection connection, CancellationToken cancellationToken)
    {
        var answer = await connection.AskAsync(RequestMethods.Initialize, request.Params, cancellationToken);
        if (answer is not JsonRpcResponse { Result: { } result })
            throw new SessionLostException($"The gateway lost the session and begins no other: {(answer as JsonRpcError)?.Error.Message} Restart this server in the client.");
        if (result.Member("protocolVersion").Text() != _result.Member("protocolVersion").Text())
            throw new SessionLostException("The gateway lost the session, and begins another only in another revision of MCP. Restart this server in the client.");
        await connection.SendAsync(new JsonRpcNotification { Method = NotificationMethods.InitializedNotification }, cancellationToken);
        if (_level is { } level)
            await connection.AskAsync(SetLevel, level, cancellationToken);
        foreach (var subscription in _subscriptions.Values)
            await connection.AskAsync(RequestMethods.ResourcesSubscribe, subscription, cancellationToken);
        return [.. Changes(result.Member("capabilities"))];
    }

    private static IEnumerable<JsonRpcNotification> Changes(JsonNode? capabilities)
    {
        (string List, string Method)[] lists =
        [
            ("tools", NotificationMethods.ToolListChangedNotification),
            ("prompts", NotificationMethods.PromptListChangedNotification),
            ("resources", NotificationMethods.ResourceListChangedNotification),
        ];
        return lists
            .Where(known => capabilities.Member(known.List).Member("listChanged") is JsonValue value && value.TryGetValue<bool>(out var isTold) && isTold)
            .Select(known => new JsonRpcNotification { Method = known.Method });
    }
}
