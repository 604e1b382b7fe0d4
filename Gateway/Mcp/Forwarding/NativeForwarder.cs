using System.Globalization;
using System.Text;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Wire;
using Cortex.Sessions.Upstream;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Forwards a call to a native MCP server:
/// (1) a legacy server gets the caller's session, opened if need be, (2) YARP moves the call and its reply through the rules of the two eras,
/// (3) a session the server has lost is opened anew and the call tried once more, (4) a reply that can't be handed on becomes a tool result.
/// </summary>
internal sealed class NativeForwarder(
    ForwardPipeline pipeline, UpstreamSessions sessions, CatalogStore catalog, McpReplies replies, NativeResults results, TimeProvider time)
{
    private long _lastUpstreamId;

    public async Task ForwardAsync(
        McpExchange exchange, CatalogItem item, IReadOnlyList<KeyValuePair<string, string>> credential, RequestDelegate next)
    {
        var server = catalog.Current.SpeechOf(item.Backend.Id)?.Version ?? ProtocolVersion.LatestLegacy;
        for (var attempt = 0; ; attempt++)
        {
            UpstreamSession? session = null;
            if (server.Era == Era.Legacy)
            {
                var opened = await sessions.GetAsync(exchange.Caller, item.Backend, credential, exchange.Http.RequestAborted);
                if (opened is not UpstreamSessionResult.Ready ready)
                {
                    await results.WriteAsync(exchange, item, NoSession(opened), exchange.Http.RequestAborted);
                    return;
                }

                session = ready.Session;
            }

            if (await TryForwardAsync(exchange, item, credential, session?.Version ?? server, session, isLast: attempt > 0, next))
                return;
            await sessions.ForgetAsync(exchange.Caller, item.Backend, exchange.Http.RequestAborted);
        }
    }

    /// <summary>False when the server has lost the session and the call may be tried again.</summary>
    private async Task<bool> TryForwardAsync(
        McpExchange exchange,
        CatalogItem item,
        IReadOnlyList<KeyValuePair<string, string>> credential,
        ProtocolVersion server,
        UpstreamSession? session,
        bool isLast,
        RequestDelegate next)
    {
        var http = exchange.Http;
        var options = item.Backend.Options;
        var upstreamId = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"cortex-{Interlocked.Increment(ref _lastUpstreamId)}\""));
        using var body = new PooledBuffer(exchange.Message.Body.Length + 512);
        NativeBody.Write(body, exchange, item, server.Era, upstreamId);
        using var lifetime = new ForwardLifetime(
            http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>(), options.Timeout, options.MaxDuration, time);
        var clientBody = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var uriMaps = ResourceUriRules.MapsOf(catalog.Current.ResourceUris, item.Backend.Id);
        await using var reply = new NativeReplyStream(
            exchange,
            NativeRules.For(exchange.Era, server.Era, exchange.Message.Method, uriMaps.Count > 0),
            uriMaps,
            [upstreamId, exchange.Message.Id, exchange.Message.Raw(McpMembers.ProgressToken)],
            lifetime,
            options.IdleTimeout,
            clientBody.Stream);
        var call = new NativeCall(exchange, item, credential, server, session, body.WrittenMemory, lifetime, reply);
        var operation = Begin(exchange, item, server);
        bool isConfigured;
        try
        {
            isConfigured = await pipeline.RunAsync(call, lifetime, new StreamResponseBodyFeature(reply, clientBody), next);
        }
        finally
        {
            operation.Finish();
        }

        if (lifetime.IsClientGone)
            exchange.Fail(McpFailure.Cancelled, "cancelled");
        else if (call.Failure is NativeFailure.HttpStatus { Status: 404 } or NativeFailure.RpcError { Status: 404 } && session is not null && !isLast)
            return Retry(http);
        else if (!await reply.TryCompleteAsync(http.RequestAborted))
            await FailAsync(exchange, item, reply, isConfigured ? call.Failure ?? Why(http, lifetime, reply, options.Timeout) : new NativeFailure.Unreachable());
        return true;
    }

    /// <summary>Starts the span and the duration point of the gateway as the server's client.</summary>
    private McpOperation Begin(McpExchange exchange, CatalogItem item, ProtocolVersion server)
    {
        var operation = McpOperation.Start(McpSide.Client, time);
        operation.Protocol = server;
        operation.Backend = item.Backend.Id;
        operation.Target = exchange.Operation.Target;
        operation.Open(exchange.Message.Method);
        return operation;
    }

    private static bool Retry(HttpContext http)
    {
        ForwardPipeline.ResetResponse(http.Response);
        return false;
    }

    private async Task FailAsync(McpExchange exchange, CatalogItem item, NativeReplyStream reply, NativeFailure failure)
    {
        var http = exchange.Http;
        if (!reply.HasStarted)
        {
            ForwardPipeline.ResetResponse(http.Response);
            await results.WriteAsync(exchange, item, failure, http.RequestAborted);
        }
        else if (reply.IsEventStream)
        {
            using var last = new PooledBuffer();
            replies.WriteFailureEvent(last, exchange, NativeResults.Describe(exchange, item, failure));
            await reply.WriteOwnAsync(last.WrittenMemory, http.RequestAborted);
        }
        else
        {
            NativeResults.Describe(exchange, item, failure);
            http.Abort();
        }
    }

    private static NativeFailure Why(HttpContext http, ForwardLifetime lifetime, NativeReplyStream reply, TimeSpan timeout)
    {
        if (reply.IsMalformed)
            return new NativeFailure.Malformed();
        var error = http.GetForwarderErrorFeature()?.Error;
        if (error == ForwarderError.RequestTimedOut || (lifetime.IsEnded && error is ForwarderError.RequestCanceled or ForwarderError.ResponseBodyCanceled))
            return new NativeFailure.TimedOut(lifetime.Elapsed > timeout ? lifetime.Elapsed : timeout);
        return error is null ? new NativeFailure.NoAnswer() : new NativeFailure.Unreachable();
    }

    private static NativeFailure.NoSession NoSession(UpstreamSessionResult result) => new(result switch
    {
        UpstreamSessionResult.Refused refused => refused.Reason,
        UpstreamSessionResult.Unreachable unreachable => unreachable.Reason,
        _ => "there is no session.",
    });
}
