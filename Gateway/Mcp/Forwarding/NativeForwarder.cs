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
/// Forwards a tool call to a native MCP server:
/// (1) a legacy server gets the caller's session, opened if need be, (2) YARP moves the call and its reply through the rules of the two eras,
/// (3) a session the server has lost is opened anew and the call tried once more, (4) a reply that can't be handed on becomes a tool result.
/// </summary>
internal sealed class NativeForwarder(
    ForwardPipeline pipeline, UpstreamSessions sessions, CatalogStore catalog, McpReplies replies, NativeResults results, TimeProvider time)
{
    private long _lastUpstreamId;

    public async Task ForwardAsync(
        McpExchange exchange, CatalogItem tool, IReadOnlyList<KeyValuePair<string, string>> credential, RequestDelegate next)
    {
        var server = catalog.Current.VersionOf(tool.Backend.Id) ?? ProtocolVersion.LatestLegacy;
        for (var attempt = 0; ; attempt++)
        {
            UpstreamSession? session = null;
            if (server.Era == Era.Legacy)
            {
                var opened = await sessions.GetAsync(exchange.Caller, tool.Backend, credential, exchange.Http.RequestAborted);
                if (opened is not UpstreamSessionResult.Ready ready)
                {
                    await results.WriteAsync(exchange, tool, NoSession(opened), exchange.Http.RequestAborted);
                    return;
                }

                session = ready.Session;
            }

            if (await TryForwardAsync(exchange, tool, credential, session?.Version ?? server, session, isLast: attempt > 0, next))
                return;
            await sessions.ForgetAsync(exchange.Caller, tool.Backend, exchange.Http.RequestAborted);
        }
    }

    /// <summary>False when the server has lost the session and the call may be tried again.</summary>
    private async Task<bool> TryForwardAsync(
        McpExchange exchange,
        CatalogItem tool,
        IReadOnlyList<KeyValuePair<string, string>> credential,
        ProtocolVersion server,
        UpstreamSession? session,
        bool isLast,
        RequestDelegate next)
    {
        var http = exchange.Http;
        var options = tool.Backend.Options;
        var upstreamId = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"cortex-{Interlocked.Increment(ref _lastUpstreamId)}\""));
        using var body = new PooledBuffer(exchange.Message.Body.Length + 512);
        NativeBody.Write(body, exchange, tool, server.Era, upstreamId);
        using var lifetime = new ForwardLifetime(
            http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>(), options.Timeout, options.MaxDuration, time);
        var clientBody = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var reply = new NativeReplyStream(
            exchange,
            NativeRules.For(exchange.Era, server.Era),
            [upstreamId, exchange.Message.Id, exchange.Message.Raw(McpMembers.ProgressToken)],
            lifetime,
            options.IdleTimeout,
            clientBody.Stream);
        var call = new NativeCall(exchange, tool, credential, server, session, body.WrittenMemory, lifetime, reply);
        var operation = Begin(exchange, tool, server);
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
            await FailAsync(exchange, tool, reply, isConfigured ? call.Failure ?? Why(http, lifetime, reply, options.Timeout) : new NativeFailure.Unreachable());
        return true;
    }

    /// <summary>Starts the span and the duration point of the gateway as the server's client.</summary>
    private McpOperation Begin(McpExchange exchange, CatalogItem tool, ProtocolVersion server)
    {
        var operation = McpOperation.Start(McpSide.Client, time);
        operation.Protocol = server;
        operation.Backend = tool.Backend.Id;
        operation.Target = new McpTarget.Tool(tool.PublicName);
        operation.Open(exchange.Message.Method);
        return operation;
    }

    private static bool Retry(HttpContext http)
    {
        ForwardPipeline.ResetResponse(http.Response);
        return false;
    }

    private async Task FailAsync(McpExchange exchange, CatalogItem tool, NativeReplyStream reply, NativeFailure failure)
    {
        var http = exchange.Http;
        if (!reply.HasStarted)
        {
            ForwardPipeline.ResetResponse(http.Response);
            await results.WriteAsync(exchange, tool, failure, http.RequestAborted);
        }
        else if (reply.IsEventStream)
        {
            using var last = new PooledBuffer();
            replies.WriteEvent(last, exchange, NativeResults.Describe(exchange, tool, failure));
            await reply.WriteOwnAsync(last.WrittenMemory, http.RequestAborted);
        }
        else
        {
            NativeResults.Describe(exchange, tool, failure);
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
