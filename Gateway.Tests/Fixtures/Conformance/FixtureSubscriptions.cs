using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>
/// Tells clients what changed: modern ones on their <c>subscriptions/listen</c> stream, legacy ones on the stream of their session (where the SDK
/// itself tells of changed lists).
/// </summary>
internal sealed class FixtureSubscriptions(FixtureLists lists)
{
    private readonly ConcurrentDictionary<string, McpServer> _sessions = new();
    private readonly ConcurrentDictionary<(string Session, string Uri), bool> _subscriptions = new();
    private readonly ConcurrentDictionary<ChannelWriter<JsonRpcNotification>, IReadOnlyCollection<string>> _listeners = new();

    /// <summary>Tells everybody who subscribed to <paramref name="uri"/> that it changed.</summary>
    public async Task UpdateAsync(string uri, CancellationToken cancellationToken = default)
    {
        foreach (var (listener, uris) in _listeners)
        {
            if (uris.Contains(uri))
                listener.TryWrite(Updated(uri));
        }

        foreach (var (session, server) in _sessions)
        {
            if (_subscriptions.ContainsKey((session, uri)))
                await server.SendMessageAsync(Updated(uri), cancellationToken);
        }
    }

    /// <summary>Runs a session and remembers it while it lasts.</summary>
    public async Task RunSessionAsync(HttpContext context, McpServer server, CancellationToken cancellationToken)
    {
        if (server.SessionId is { } id)
            _sessions[id] = server;
        try
        {
            await server.RunAsync(cancellationToken);
        }
        finally
        {
            if (server.SessionId is { } ended)
                _sessions.TryRemove(ended, out _);
        }
    }

    public ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _subscriptions[(context.Server.SessionId ?? "", context.Params!.Uri)] = true;
        return ValueTask.FromResult(new EmptyResult());
    }

    public ValueTask<EmptyResult> UnsubscribeAsync(RequestContext<UnsubscribeRequestParams> context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _subscriptions.TryRemove((context.Server.SessionId ?? "", context.Params!.Uri), out _);
        return ValueTask.FromResult(new EmptyResult());
    }

    /// <summary>Acknowledges what was asked for, then writes each such change until the client goes away.</summary>
    public async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> context, CancellationToken cancellationToken)
    {
        var wanted = context.Params!.Notifications;
        var changes = Channel.CreateBounded<JsonRpcNotification>(100);
        void ToolsChanged(object? sender, EventArgs e) => changes.Writer.TryWrite(Changed("tools"));
        void PromptsChanged(object? sender, EventArgs e) => changes.Writer.TryWrite(Changed("prompts"));
        if (wanted.ToolsListChanged is true)
            lists.Tools.Changed += ToolsChanged;
        if (wanted.PromptsListChanged is true)
            lists.Prompts.Changed += PromptsChanged;
        _listeners[changes.Writer] = [.. wanted.ResourceSubscriptions ?? []];
        try
        {
            await SendAsync(context, Acknowledged(wanted), cancellationToken);
            await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken))
                await SendAsync(context, change, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The client went away: so a subscription ends.
        }
        finally
        {
            lists.Tools.Changed -= ToolsChanged;
            lists.Prompts.Changed -= PromptsChanged;
            _listeners.TryRemove(changes.Writer, out _);
        }

        return new EmptyResult();
    }

    private static Task SendAsync(
        RequestContext<SubscriptionsListenRequestParams> context, JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        var parameters = (JsonObject)(notification.Params ??= new JsonObject());
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/subscriptionId"] = JsonSerializer.SerializeToNode(context.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions),
        };
        return context.Server.SendMessageAsync(notification, cancellationToken);
    }

    private static JsonRpcNotification Acknowledged(SubscriptionsListenNotifications granted) => new()
    {
        Method = NotificationMethods.SubscriptionsAcknowledgedNotification,
        Params = new JsonObject { ["notifications"] = JsonSerializer.SerializeToNode(granted, McpJsonUtilities.DefaultOptions) },
    };

    private static JsonRpcNotification Changed(string list) => new() { Method = $"notifications/{list}/list_changed" };

    private static JsonRpcNotification Updated(string uri) => new()
    {
        Method = NotificationMethods.ResourceUpdatedNotification,
        Params = new JsonObject { ["uri"] = uri },
    };
}
