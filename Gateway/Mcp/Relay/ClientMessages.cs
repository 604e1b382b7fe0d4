using System.Text;
using Cortex.Backends;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Wire;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Relay;

/// <summary>
/// What a client sends that wants no answer: the answer to a server's request goes to the server that asked, from whichever replica it reaches; a
/// cancellation goes to the replica that runs the call. Everything else is accepted.
/// </summary>
internal sealed class ClientMessages(
    BackendRegistry backends, UpstreamDestinations destinations, CredentialResolver credentials, UpstreamPosts posts, SessionSignals signals, OpenQuestions questions, Sealer sealer)
{
    private static readonly McpError NobodyWaits = new(
        StatusCodes.Status400BadRequest, McpError.InvalidRequest, "No request of this id waits for an answer in this session.");

    private static readonly McpError NotDelivered = new(
        StatusCodes.Status502BadGateway, McpError.InternalError, "The server that asked did not take the answer; the call that it belongs to says more.");

    /// <summary>Takes a notification or a response; the error to answer with, or null when it is accepted.</summary>
    public async ValueTask<McpError?> TakeAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        if (exchange.Message.Kind == JsonRpcKind.Response)
            return await AnswerAsync(exchange, cancellationToken);
        if (exchange is { Message.Method: "notifications/cancelled", SessionKey: { } session } && exchange.Message.Raw(McpMembers.CancelledRequestId) is { IsEmpty: false } id)
            await signals.SendAsync(new SessionSignal(SessionSignalKind.Cancelled, session, Encoding.UTF8.GetString(id.Span)), cancellationToken);
        return null;
    }

    private async ValueTask<McpError?> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        if (exchange.SessionKey is not { } session
            || !JsonText.TryGetString(exchange.Message.Id.Span, out var outward)
            || RelayedRequest.TryOpen(sealer, session, outward) is not { } request
            || !BackendId.TryParse(request.Backend, out var id)
            || backends.Current.Find(id) is not { } backend
            || !destinations.IsConfigured(backend, request.Session)
            || !await questions.TryTakeAsync(session, outward, cancellationToken))
            return NobodyWaits;
        if (await TryDeliverAsync(exchange, backend, request, cancellationToken))
        {
            await signals.SendAsync(new SessionSignal(SessionSignalKind.Answered, session, outward), cancellationToken);
            return null;
        }

        await questions.OpenAsync(session, outward, CancellationToken.None);
        return NotDelivered;
    }

    private async ValueTask<bool> TryDeliverAsync(McpExchange exchange, BackendDefinition backend, RelayedRequest request, CancellationToken cancellationToken)
    {
        if (await credentials.ResolveAsync(exchange.Caller, backend, exchange.Http, cancellationToken) is not CredentialResult.Granted credential)
            return false;
        using var body = new PooledBuffer(exchange.Message.Body.Length + 64);
        var splice = new JsonSplice(exchange.Message.Body.Span);
        splice.Replace(exchange.Message.IdRange, Encoding.UTF8.GetBytes(request.Id));
        splice.WriteTo(body);
        return await posts.SendAsync(backend, request.Session, credential.Headers, body.WrittenMemory, cancellationToken);
    }
}
