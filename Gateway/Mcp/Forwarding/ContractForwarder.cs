using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Links;
using Cortex.Mcp.Relay;
using Cortex.Sessions;
using Yarp.ReverseProxy.Forwarder;

namespace Cortex.Mcp.Forwarding;

/// <summary>Forwards a call to a contract backend, once more under another credential where the backend refuses the first and there is one, and turns the reply into a result.</summary>
internal sealed class ContractForwarder(
    ForwardPipeline pipeline,
    McpReplies replies,
    CatalogRefresher refresher,
    SessionSignals signals,
    CredentialResolver credentials,
    CredentialAnswers answers,
    TimeProvider time)
{
    public async Task ForwardAsync(
        McpExchange exchange, CatalogItem item, CredentialResult.Granted credential, RequestDelegate next)
    {
        var http = exchange.Http;
        using var body = new PooledBuffer(exchange.Message.Body.Length + 64);
        ContractBody.Write(body, exchange.Message, item);
        var timeout = item.Backend.Options.Timeout;
        using var live = LiveCall.Begin(exchange, signals);
        using var lifetime = new ForwardLifetime(timeout, timeout, time, live.Cancelled);
        var (call, isConfigured) = await CallAsync(exchange, item, credential, body.WrittenMemory, lifetime, next);
        if (call.Outcome is ContractOutcome.NotAuthenticated && !lifetime.IsCancelled
            && await credentials.ReplaceAsync(exchange.Caller, item.Backend, credential, CredentialRefusal.NotAccepted.Instance, http, CancellationToken.None) is { } other)
        {
            ForwardPipeline.ResetResponse(http.Response);
            if (other is not CredentialResult.Granted replaced)
            {
                await answers.WriteAsync(exchange, item, other, LinkReply.None, http.RequestAborted);
                return;
            }

            (call, isConfigured) = await CallAsync(exchange, item, replaced, body.WrittenMemory, lifetime, next);
        }

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

    private async Task<(ContractCall Call, bool IsConfigured)> CallAsync(
        McpExchange exchange, CatalogItem item, CredentialResult.Granted credential, ReadOnlyMemory<byte> body, ForwardLifetime lifetime, RequestDelegate next)
    {
        var call = new ContractCall(exchange, item, credential.Headers, body, lifetime);
        return (call, await pipeline.RunAsync(call, lifetime, null, next));
    }

    private static ContractOutcome FromForwarder(HttpContext http, ForwardLifetime lifetime, TimeSpan timeout) =>
        lifetime.IsEnded || http.GetForwarderErrorFeature()?.Error == ForwarderError.RequestTimedOut
            ? new ContractOutcome.TimedOut(timeout)
            : new ContractOutcome.Unreachable();
}
