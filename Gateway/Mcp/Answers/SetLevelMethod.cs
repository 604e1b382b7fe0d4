using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp.Answers;

/// <summary>
/// <c>logging/setLevel</c>: kept with the session, and told to a server before the next call that goes there. Without a session there is nothing
/// to keep it with: the answer is the same, and has no effect.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/logging"/></remarks>
internal sealed class SetLevelMethod(ClientSessionStore sessions, SessionSignals signals) : IAnsweredMethod
{
    public string Name => "logging/setLevel";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy];

    public async ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        if (LogLevels.Find(exchange.Message.Raw(McpMembers.Level).Span) is not { } level)
            return new AnswerResult.Error(new McpError(200, McpError.InvalidParams, $"params.level must be one of {LogLevels.AllWords}."));
        if (exchange.Session is { } session && await sessions.SetLevelAsync(exchange.Caller, session.Id, level, cancellationToken))
            await signals.SendAsync(new SessionSignal(SessionSignalKind.Changed, SessionKey.Of(exchange.Caller, session.Id)), cancellationToken);
        return new AnswerResult.Result(ResultContent.Empty);
    }
}
