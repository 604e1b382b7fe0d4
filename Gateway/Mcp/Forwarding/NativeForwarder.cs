using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Mcp.Relay;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Forwards a call to a native MCP server:
/// (1) a legacy server gets the caller's session, opened if need be, (2) YARP moves the call and its reply through the rules of the two eras,
/// (3) a session that the server has lost, or that nothing connects to any more, is opened anew and the call tried once more, (4) a reply that can't be handed on becomes a tool result.
/// </summary>
internal sealed class NativeForwarder(
    UpstreamSessions sessions, NativeResults results, NativeAttemptServices services, SessionSignals signals)
{
    /// <param name="exchange">The client's request.</param>
    /// <param name="item">What it is about.</param>
    /// <param name="requestState">The server's own state of an unfinished call, raw; empty for none.</param>
    /// <param name="credential">The caller's credential for the backend.</param>
    /// <param name="next">The rest of YARP's pipeline.</param>
    public async Task ForwardAsync(
        McpExchange exchange, CatalogItem item, ReadOnlyMemory<byte> requestState, IReadOnlyList<KeyValuePair<string, string>> credential, RequestDelegate next)
    {
        var server = exchange.Catalog.SpeechOf(item.Backend.Id)?.For(exchange.Era, exchange.Capabilities) ?? ProtocolVersion.LatestLegacy;

        // What a legacy server asks can be put to a legacy client alone.
        var declared = exchange.Era == Era.Legacy ? exchange.Capabilities : ClientCapabilities.None;
        using var live = LiveCall.Begin(exchange, signals);
        for (var isLast = false; ; isLast = true)
        {
            UpstreamSession? session = null;
            if (server.Era == Era.Legacy)
            {
                UpstreamSessionResult opened;
                try
                {
                    opened = await sessions.GetAsync(exchange.Caller, item.Backend, declared, exchange.LogLevel, credential, live.Cancelled);
                }
                catch (OperationCanceledException) when (live.Cancelled.IsCancellationRequested)
                {
                    McpReplies.WriteNothing(exchange);
                    return;
                }

                if (opened is not UpstreamSessionResult.Ready ready)
                {
                    await results.WriteAsync(exchange, item, NoSession(opened), exchange.Http.RequestAborted);
                    return;
                }

                session = ready.Session;
            }

            await using var attempt = new NativeAttempt(exchange, item, requestState, credential, session?.Version ?? server, session, live, services);
            await attempt.RunAsync(next);
            if (isLast || !attempt.HasLostSession)
            {
                await attempt.EndAsync();
                return;
            }

            ForwardPipeline.ResetResponse(exchange.Http.Response);
            await sessions.ForgetAsync(exchange.Caller, item.Backend, declared, session!, live.Cancelled);
        }
    }

    private static NativeFailure.NoSession NoSession(UpstreamSessionResult result) => new(result switch
    {
        UpstreamSessionResult.Refused refused => refused.Reason,
        UpstreamSessionResult.Unreachable unreachable => unreachable.Reason,
        _ => "there is no session.",
    });
}
