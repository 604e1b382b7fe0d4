using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp.Answers;

/// <summary><c>resources/unsubscribe</c>: takes a resource off the session's list. One that is not on it is no error, also when it is gone by now.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions"/></remarks>
internal sealed class ResourcesUnsubscribeMethod(ClientSessionStore sessions, SessionSignals signals) : IAnsweredMethod
{
    public string Name => "resources/unsubscribe";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy];

    public async ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        if (exchange.Message.Text(McpMembers.Uri) is not { Length: > 0 } uri)
            return new AnswerResult.Error(new McpError(200, McpError.InvalidParams, "params.uri must be the URI of the resource."));
        if (exchange.Session is not { } session)
            return ResourceSubscriptions.NoSession;
        var changed = await sessions.ChangeAsync(
            exchange.Caller,
            session.Id,
            present => present.Subscriptions.Contains(uri) ? present with { Subscriptions = [.. present.Subscriptions.Where(other => other != uri)] } : present,
            cancellationToken);
        if (changed is null)
            return ResourceSubscriptions.SessionEnded;
        await signals.SendAsync(new SessionSignal(SessionSignalKind.Changed, SessionKey.Of(exchange.Caller, session.Id)), cancellationToken);
        return ResourceSubscriptions.Done;
    }
}
