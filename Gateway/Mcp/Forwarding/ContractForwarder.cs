using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Relay;
using Cortex.Sessions;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Mcp.Forwarding;

/// <summary>Forwards a call to a contract backend and turns the reply into a result.</summary>
internal sealed class ContractForwarder(
    ForwardPipeline pipeline, McpReplies replies, CatalogRefresher refresher, SessionSignals signals, TimeProvider time)
{
    public async Task ForwardAsync(
        McpExchange exchange, CatalogItem item, IReadOnlyList<KeyValuePair<string, string>> credential, RequestDelegate next)
    {
        var http = exchange.Http;
        using var body = new PooledBuffer(exchange.Message.Body.Length + 64);
        ContractBody.Write(body, exchange.Message, item);
        var timeout = item.Backend.Options.Timeout;
        using var live = LiveCall.Begin(exchange, signals);
        using var lifetime = new ForwardLifetime(timeout, timeout, time, live.Cancelled);
        var call = new ContractCall(exchange, item, credential, body.WrittenMemory, lifetime);
        var isConfigured = await pipeline.RunAsync(call, lifetime, null, next);
        if (lifetime.IsCancelled)
        {
            McpReplies.WriteNothing(exchange);
            return;
        }

        var outcome = isConfigured ? call.Outcome ?? FromForwarder(http, lifetime, timeout) : new ContractOutcome.Unreachable();
        if (outcome is ContractOutcome.Failed { Status: 404 })
            refresher.Refresh(item.Backend.Id);
        ForwardPipeline.ResetResponse(http.Response);
        switch (ContractResults.Read(exchange, item, outcome, exchange.Catalog.ResourceUris))
        {
            case ContractAnswer.Result result:
                await replies.WriteResultAsync(exchange, result.Content, http.RequestAborted);
                break;
            case ContractAnswer.Error error:
                exchange.ResponseBytes += await McpReplies.WriteErrorAsync(http.Response, exchange.Message.Id, error.Value, exchange.TraceId, http.RequestAborted);
                break;
            case ContractAnswer.Failure failure:
                await replies.WriteFailureAsync(exchange, failure.Text, http.RequestAborted);
                break;
        }
    }

    private static ContractOutcome FromForwarder(HttpContext http, ForwardLifetime lifetime, TimeSpan timeout) =>
        lifetime.IsEnded || http.GetForwarderErrorFeature()?.Error == ForwarderError.RequestTimedOut
            ? new ContractOutcome.TimedOut(timeout)
            : new ContractOutcome.Unreachable();
}
