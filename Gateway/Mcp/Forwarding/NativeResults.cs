using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Catalog.Personal;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Answers in place of a native server whose reply can't be handed on. A JSON-RPC error stays one, in the terms of the caller's era; everything else
/// becomes a sentence for the agent. No status and no header of the server's reply goes on.
/// </summary>
internal sealed class NativeResults(McpReplies replies, PersonalCatalogs personal, CatalogRefresher refresher)
{
    /// <summary>Writes the whole answer.</summary>
    public async ValueTask WriteAsync(McpExchange exchange, CatalogItem item, NativeFailure failure, CancellationToken cancellationToken)
    {
        if (failure is NativeFailure.RpcError { Status: not (401 or 403) } error)
        {
            if (error.Code is McpError.InvalidParams or McpError.MethodNotFound)
                Reread(exchange.Caller, item.Backend);
            exchange.Fail(error.Code, "the server answered with an error");
            var status = exchange.Era == Era.Modern && error.Status is 400 or 404 && error.Code is >= -32099 and <= -32020 or McpError.InvalidParams ? error.Status : 200;
            var data = ResourceUriRules.ToPublicErrorData(error.Data, exchange.Catalog.ResourceUris, item.Backend.Id);
            exchange.ResponseBytes += await McpReplies.WriteErrorAsync(
                exchange.Http.Response, exchange.Message.Id, new McpError(status, error.Code, error.Message, data), exchange.TraceId, cancellationToken);
            return;
        }

        var text = Describe(exchange, item, failure);
        if (failure is NativeFailure.Undeclared undeclared)
            exchange.ResponseBytes += await McpReplies.WriteErrorAsync(
                exchange.Http.Response, exchange.Message.Id, McpError.MissingCapability(text, undeclared.Capabilities), exchange.TraceId, cancellationToken);
        else
            await replies.WriteFailureAsync(exchange, text, cancellationToken);
    }

    private void Reread(Caller caller, BackendDefinition backend)
    {
        if (backend.IsPersonal)
            personal.Expire(caller, backend.Id);
        else
            refresher.Refresh(backend.Id);
    }

    /// <summary>Notes the failure and says it in one sentence.</summary>
    public static string Describe(McpExchange exchange, CatalogItem item, NativeFailure failure)
    {
        var (kind, word) = failure switch
        {
            NativeFailure.TimedOut => (McpFailure.Timeout, "timeout"),
            NativeFailure.Unreachable or NativeFailure.NoSession => (McpFailure.Unreachable, "error"),
            NativeFailure.HttpStatus { Status: 403 } or NativeFailure.RpcError { Status: 403 } => (McpFailure.ToolError, "denied"),
            _ => (McpFailure.BadReply, "error"),
        };
        exchange.Fail(kind, word, failure.GetType().Name);
        return Text(item, failure);
    }

    private static string Text(CatalogItem item, NativeFailure failure)
    {
        var backend = item.Backend.Id;
        return failure switch
        {
            NativeFailure.HttpStatus { Status: 401 } or NativeFailure.RpcError { Status: 401 } =>
                $"Not authenticated: backend '{backend}' does not accept the gateway's credential for this person. Retrying will not help; an operator must check how the backend trusts the gateway.",
            NativeFailure.HttpStatus { Status: 403 } or NativeFailure.RpcError { Status: 403 } =>
                $"Denied by the app: backend '{backend}' refuses '{item.PublicName}' for this person. The person's permissions in the app decide; another scope will not help.",
            NativeFailure.HttpStatus { Status: 429 } =>
                $"Backend '{backend}' asks for a pause (HTTP 429). Wait a little, then call '{item.PublicName}' again.",
            NativeFailure.HttpStatus status =>
                $"Backend '{backend}' failed at '{item.PublicName}' with HTTP {status.Status}. Try again later.",
            NativeFailure.WrongMediaType or NativeFailure.Malformed =>
                $"Backend '{backend}' answered '{item.PublicName}' with something that is not MCP. Retrying will not help; an operator must mend the backend.",
            NativeFailure.NoAnswer =>
                $"Backend '{backend}' ended its reply before it answered '{item.PublicName}'. It may have been done all the same; check before calling again.",
            NativeFailure.NeedsInput =>
                $"Backend '{backend}' asks for input before it can do '{item.PublicName}', in a way that this client can't answer. Use a client of MCP {ProtocolVersion.V20260728}.",
            NativeFailure.Undeclared undeclared =>
                $"Backend '{backend}' asks for input that it was told this client can't give, before it can do '{item.PublicName}'. Declare {undeclared.Capabilities}, or use a client that can.",
            NativeFailure.TimedOut timedOut =>
                $"Backend '{backend}' did not answer '{item.PublicName}' within {timedOut.After.TotalSeconds:0.#} s. It may have been done all the same; check before calling again.",
            NativeFailure.NoSession none =>
                $"Backend '{backend}' gave no session: {none.Reason} Other apps still work; try '{item.PublicName}' again later.",
            _ => $"Backend '{backend}' can't be reached at the moment. Other apps still work; try '{item.PublicName}' again later.",
        };
    }
}
