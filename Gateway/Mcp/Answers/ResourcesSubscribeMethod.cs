using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Links;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp.Answers;

/// <summary>
/// <c>resources/subscribe</c>: keeps with the session that the client wants to hear of updates of a resource. The router has seen to it that the caller may read it, and
/// that its backend tells of updates; an account that this takes must be linked. The replica that holds the session's stream watches it.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/server/resources#subscriptions"/></remarks>
internal sealed class ResourcesSubscribeMethod(ClientSessionStore sessions, SessionSignals signals, CatalogStore catalog, CredentialResolver credentials, LinkAnswers links) : IAnsweredMethod
{
    public string Name => "resources/subscribe";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy];

    public async ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        if (exchange.Session is not { } session)
            return ResourceSubscriptions.NoSession;
        var uri = exchange.Message.Text(McpMembers.Uri)!;
        if (catalog.Current.FindResource(uri) is { Backend.Auth: BackendAuth.LinkedAccount } item
            && await credentials.ResolveAsync(exchange.Caller, item.Backend, exchange.Http, cancellationToken) is CredentialResult.LinkNeeded needed)
            return new AnswerResult.Error(links.ErrorOf(exchange, item, needed));
        var changed = await sessions.ChangeAsync(
            exchange.Caller,
            session.Id,
            present => present.Subscriptions.Contains(uri) || present.Subscriptions.Count >= ClientSession.MaxSubscriptions
                ? present
                : present with { Subscriptions = [.. present.Subscriptions, uri] },
            cancellationToken);
        if (changed is null)
            return ResourceSubscriptions.SessionEnded;
        if (!changed.Subscriptions.Contains(uri))
            return new AnswerResult.Error(new McpError(200, McpError.InvalidRequest, $"This session watches {ClientSession.MaxSubscriptions} resources; unsubscribe from one first."));
        await signals.SendAsync(new SessionSignal(SessionSignalKind.Changed, SessionKey.Of(exchange.Caller, session.Id)), cancellationToken);
        return ResourceSubscriptions.Done;
    }
}
