using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Wire;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Mcp.Forwarding;

/// <summary>Forwards a tool call to a contract backend and turns the reply into a tool result.</summary>
internal sealed class ContractForwarder(ForwardPipeline pipeline, McpReplies replies, CatalogRefresher refresher, TimeProvider time)
{
    public async Task ForwardAsync(
        McpExchange exchange, CatalogItem tool, IReadOnlyList<KeyValuePair<string, string>> credential, RequestDelegate next)
    {
        var http = exchange.Http;
        using var body = new PooledBuffer(exchange.Message.Body.Length + 64);
        ContractRequest.Write(body, tool.OriginalName, exchange.Message.Raw(McpMembers.Arguments).Span);
        var timeout = tool.Backend.Options.Timeout;
        using var lifetime = new ForwardLifetime(http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>(), timeout, timeout, time);
        var call = new ContractCall(exchange, tool, credential, body.WrittenMemory, lifetime);
        var isConfigured = await pipeline.RunAsync(call, lifetime, null, next);
        if (lifetime.IsClientGone)
        {
            exchange.Fail(McpFailure.Cancelled, "cancelled");
            return;
        }

        var outcome = isConfigured ? call.Outcome ?? FromForwarder(http, lifetime, timeout) : new ContractOutcome.Unreachable();
        if (outcome is ContractOutcome.Failed { Status: 404 })
            refresher.Refresh(tool.Backend.Id);
        ForwardPipeline.ResetResponse(http.Response);
        await replies.WriteResultAsync(exchange, ContractResults.Write(exchange, tool, outcome), http.RequestAborted);
    }

    private static ContractOutcome FromForwarder(HttpContext http, ForwardLifetime lifetime, TimeSpan timeout) =>
        lifetime.IsEnded || http.GetForwarderErrorFeature()?.Error == ForwarderError.RequestTimedOut
            ? new ContractOutcome.TimedOut(timeout)
            : new ContractOutcome.Unreachable();
}
