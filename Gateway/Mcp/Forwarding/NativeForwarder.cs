using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Links;
using Cortex.Mcp.Relay;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Forwards a call to a native MCP server:
/// (1) a legacy server gets the caller's session, opened if need be, (2) YARP moves the call and its reply through the rules of the two eras,
/// (3) a session that the server has lost, or that nothing connects to any more, is opened anew and the call tried once more, (4) so is a call whose credential the
/// server refuses, where there is another one, (5) a reply that can't be handed on becomes a tool result.
/// </summary>
internal sealed class NativeForwarder(
    UpstreamSessions sessions, NativeResults results, NativeAttemptServices services, SessionSignals signals, CredentialResolver credentials, CredentialAnswers answers)
{
    /// <param name="exchange">The client's request.</param>
    /// <param name="item">What it is about.</param>
    /// <param name="round">What the client's state stands for.</param>
    /// <param name="credential">The caller's credential for the backend.</param>
    /// <param name="reply">What the person said when this call asked them to link an account.</param>
    /// <param name="next">The rest of YARP's pipeline.</param>
    public async Task ForwardAsync(
        McpExchange exchange, CatalogItem item, RequestState round, CredentialResult.Granted credential, LinkReply reply, RequestDelegate next)
    {
        using var live = LiveCall.Begin(exchange, signals);
        try
        {
            await RunAsync(exchange, item, round, credential, reply, live, next);
        }
        catch (OperationCanceledException) when (live.Cancelled.IsCancellationRequested)
        {
            McpReplies.WriteNothing(exchange);
        }
    }

    private async Task RunAsync(
        McpExchange exchange, CatalogItem item, RequestState round, CredentialResult.Granted credential, LinkReply reply, LiveCall live, RequestDelegate next)
    {
        var server = exchange.Catalog.SpeechOf(item.Backend.Id)?.For(exchange.Era, exchange.Capabilities) ?? ProtocolVersion.LatestLegacy;

        // What a legacy server asks can be put to a legacy client alone.
        var declared = exchange.Era == Era.Legacy ? exchange.Capabilities : ClientCapabilities.None;
        for (var mayReopen = true; ;)
        {
            var opened = server.Era == Era.Legacy
                ? await sessions.GetAsync(exchange.Caller, item.Backend, declared, exchange.LogLevel, credential, live.Cancelled)
                : null;
            if (opened is UpstreamSessionResult.CredentialRefused refused
                && await FindOtherAsync(exchange, item, refused.Credential, refused.Refusal, live) is { } instead)
            {
                if (await TryTakeAsync(exchange, item, instead, reply) is not { } other)
                    return;
                credential = other;
                continue;
            }

            if (opened is not (null or UpstreamSessionResult.Ready))
            {
                await results.WriteAsync(exchange, item, NoSession(opened), exchange.Http.RequestAborted);
                return;
            }

            var session = (opened as UpstreamSessionResult.Ready)?.Session;
            var own = new CallCredential(credentials, exchange.Caller, item.Backend, exchange.Http, credential);
            await using var attempt = new NativeAttempt(exchange, item, round, own, session?.Version ?? server, session, live, services);
            await attempt.RunAsync(next);
            if (attempt.CredentialRefusal is { } refusal && await FindOtherAsync(exchange, item, credential, refusal, live) is { } replaced)
            {
                ForwardPipeline.ResetResponse(exchange.Http.Response);
                if (await TryTakeAsync(exchange, item, replaced, reply) is not { } other)
                    return;
                credential = other;
            }
            else if (mayReopen && attempt.HasLostSession)
            {
                mayReopen = false;
                ForwardPipeline.ResetResponse(exchange.Http.Response);
                await sessions.ForgetAsync(exchange.Caller, item.Backend, declared, session!, live.Cancelled);
            }
            else
            {
                await attempt.EndAsync();
                return;
            }
        }
    }

    private ValueTask<CredentialResult?> FindOtherAsync(
        McpExchange exchange, CatalogItem item, CredentialResult.Granted rejected, CredentialRefusal refusal, LiveCall live) =>
        credentials.ReplaceAsync(exchange.Caller, item.Backend, rejected, refusal, exchange.Http, live.Cancelled);

    /// <summary>The credential to go on with; null when there is none, and the call is answered.</summary>
    private async ValueTask<CredentialResult.Granted?> TryTakeAsync(McpExchange exchange, CatalogItem item, CredentialResult result, LinkReply reply)
    {
        if (result is CredentialResult.Granted granted)
            return granted;
        await answers.WriteAsync(exchange, item, result, reply, exchange.Http.RequestAborted);
        return null;
    }

    private static NativeFailure.NoSession NoSession(UpstreamSessionResult result) => new(result switch
    {
        UpstreamSessionResult.Refused refused => refused.Reason,
        UpstreamSessionResult.CredentialRefused refused => refused.Reason,
        UpstreamSessionResult.Unreachable unreachable => unreachable.Reason,
        _ => "there is no session.",
    });
}
