using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Streams;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Answers;

/// <summary>
/// <c>subscriptions/listen</c>: a stream of the notifications that the client asks for, as far as they are its business. Its answer proper is the stream's last
/// message.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions"/></remarks>
internal sealed class SubscriptionsListenMethod(ClientStreams streams, OpenStreams open, ListChanges changes, EraWire wire) : IAnsweredMethod
{
    public string Name => "subscriptions/listen";

    public IReadOnlyList<Era> Eras { get; } = [Era.Modern];

    public async ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        if (!exchange.Message.TryGet(McpMembers.Notifications, out var notifications) || notifications.Kind != JsonValueKind.Object)
            return Refuse("params.notifications must be an object that says what you want to hear of, for example {\"toolsListChanged\":true}.");
        if (ListenFilter.TryRead(exchange.Message.Raw(McpMembers.Notifications), out var fault) is not { } asked)
            return Refuse(fault);
        using var place = open.TryEnter(exchange.Caller.Owner);
        if (place is null)
        {
            exchange.Http.Response.Headers.RetryAfter = OpenStreams.RetryAfter;
            return new AnswerResult.Error(new McpError(StatusCodes.Status429TooManyRequests, McpError.InvalidRequest, OpenStreams.Refusal));
        }

        var accepted = asked with { Uris = [.. asked.Uris.Where(uri => ResourceWatches.CanWatch(exchange.Catalog, exchange.Caller, uri))] };
        await using var stream = new ListenStream(exchange.Caller, exchange.Lens, exchange.Message.Id.ToArray(), accepted, changes, wire);
        var (end, bytes) = await streams.RunAsync(exchange.Http, stream);
        exchange.ResponseBytes += bytes;
        if (end == StreamEnd.SlowReader)
            exchange.Fail(McpFailure.Timeout, "timeout", end.Text);
        return AnswerResult.Streamed.Instance;
    }

    private static AnswerResult.Error Refuse(string text) => new(new McpError(200, McpError.InvalidParams, text));
}
