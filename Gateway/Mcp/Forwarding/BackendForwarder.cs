using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Observability;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>Forwards a call to the backend that owns the tool, under the one credential made for this caller and this backend.</summary>
internal sealed class BackendForwarder(CredentialResolver credentials, ContractForwarder contract, NativeForwarder native, McpReplies replies)
{
    public async Task ForwardAsync(McpExchange exchange, CatalogItem tool, RequestDelegate next)
    {
        exchange.Tool = tool;
        exchange.Operation.Target = new McpTarget.Tool(tool.PublicName);
        exchange.Operation.Backend = tool.Backend.Id;
        var aborted = exchange.Http.RequestAborted;
        switch (await credentials.ResolveAsync(exchange.Caller, tool.Backend, exchange.Http, aborted))
        {
            case CredentialResult.Granted granted when tool.Backend.Kind == BackendKind.Contract:
                await contract.ForwardAsync(exchange, tool, granted.Headers, next);
                break;
            case CredentialResult.Granted granted:
                await native.ForwardAsync(exchange, tool, granted.Headers, next);
                break;
            case CredentialResult.Refused refused:
                exchange.Fail(McpFailure.ToolError, "denied", refused.Reason);
                await replies.WriteResultAsync(exchange, ToolResults.Error(refused.Reason, exchange.TraceId), aborted);
                break;
        }
    }
}
