using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Observability;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>Forwards a call to the backend that owns the item, under the one credential made for this caller and this backend.</summary>
internal sealed class BackendForwarder(CredentialResolver credentials, ContractForwarder contract, NativeForwarder native, McpReplies replies)
{
    public async Task ForwardAsync(McpExchange exchange, CatalogItem item, RequestDelegate next)
    {
        exchange.Item = item;
        exchange.Operation.Target = TargetOf(exchange, item);
        exchange.Operation.Backend = item.Backend.Id;
        var aborted = exchange.Http.RequestAborted;
        switch (await credentials.ResolveAsync(exchange.Caller, item.Backend, exchange.Http, aborted))
        {
            case CredentialResult.Granted granted when item.Backend.Kind == BackendKind.Contract:
                await contract.ForwardAsync(exchange, item, granted.Headers, next);
                break;
            case CredentialResult.Granted granted:
                await native.ForwardAsync(exchange, item, granted.Headers, next);
                break;
            case CredentialResult.Refused refused:
                exchange.Fail(McpFailure.ToolError, "denied", refused.Reason);
                await replies.WriteFailureAsync(exchange, refused.Reason, aborted);
                break;
        }
    }

    private static McpTarget TargetOf(McpExchange exchange, CatalogItem item) => item.Kind switch
    {
        CatalogKind.Tool => new McpTarget.Tool(item.PublicName),
        CatalogKind.Prompt => new McpTarget.Prompt(item.PublicName),
        _ => new McpTarget.Resource(exchange.Message.Text(McpMembers.Uri) ?? item.PublicName),
    };
}
