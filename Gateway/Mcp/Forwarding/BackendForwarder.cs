using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Observability;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>Forwards a call to the backend that owns the item, under the one credential made for this caller and this backend.</summary>
internal sealed class BackendForwarder(
    CredentialResolver credentials, RequestStates states, ContractForwarder contract, NativeForwarder native, McpReplies replies)
{
    public async Task ForwardAsync(McpExchange exchange, CatalogItem item, RequestDelegate next)
    {
        exchange.BeAbout(item);
        var aborted = exchange.Http.RequestAborted;
        ReadOnlyMemory<byte>? state = exchange.Message.Has(McpMembers.RequestState) ? states.TryOpen(exchange, item) : ReadOnlyMemory<byte>.Empty;
        if (state is not { } requestState)
        {
            await McpReplies.RejectAsync(exchange, UnknownState, aborted);
            return;
        }

        switch (await credentials.ResolveAsync(exchange.Caller, item.Backend, exchange.Http, aborted))
        {
            case CredentialResult.Granted when item.Linking is not AccountLinking.None:
                await AnswerLinkedAsync(exchange, item, aborted);
                break;
            case CredentialResult.Granted granted when item.Backend.Kind == BackendKind.Contract:
                await contract.ForwardAsync(exchange, item, granted.Headers, next);
                break;
            case CredentialResult.Granted granted:
                await native.ForwardAsync(exchange, item, requestState, granted.Headers, next);
                break;
            case CredentialResult.Refused refused:
                exchange.Fail(McpFailure.ToolError, "denied", refused.Reason);
                await replies.WriteFailureAsync(exchange, refused.Reason, aborted);
                break;
        }
    }

    /// <summary>The tool that links an account was called again, or a name of the days before it was, and the account is linked by now.</summary>
    private ValueTask AnswerLinkedAsync(McpExchange exchange, CatalogItem item, CancellationToken cancellationToken)
    {
        var text = $"The account at '{item.Backend.Id}' is linked. List the tools again to see what it offers.";
        return exchange.Message.Text(McpMembers.Name) == item.PublicName
            ? replies.WriteResultAsync(exchange, ToolResults.Value(JsonText.Quote(text)), cancellationToken)
            : replies.WriteFailureAsync(exchange, text, cancellationToken);
    }

    /// <summary>Nothing of a state that can't be opened goes on to a backend.</summary>
    private static McpError UnknownState { get; } = new(
        StatusCodes.Status200OK, McpError.InvalidParams, "params.requestState is not a state of yours for this call, or is too old; call again without it and without inputResponses.");
}
