using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Links;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>Forwards a call to the backend that owns the item, under the one credential made for this caller and this backend.</summary>
internal sealed class BackendForwarder(
    CredentialResolver credentials, RequestStates states, LinkWait wait, ContractForwarder contract, NativeForwarder native, CredentialAnswers answers, McpReplies replies)
{
    public async Task ForwardAsync(McpExchange exchange, CatalogItem item, RequestDelegate next)
    {
        exchange.BeAbout(item);
        var aborted = exchange.Http.RequestAborted;
        var state = states.Read(exchange, item);
        if (state is RequestState.Unknown)
        {
            await McpReplies.RejectAsync(exchange, UnknownState, aborted);
            return;
        }

        var reply = LinkReply.None;
        if (state is RequestState.OfLink link)
        {
            reply = LinkReplyReader.Read(exchange);
            if (reply == LinkReply.Accepted)
                await wait.UntilLinkedAsync(exchange.Caller, item.Backend, link.Account, exchange.Http, aborted);
        }

        var credential = await credentials.ResolveAsync(exchange.Caller, item.Backend, exchange.Http, aborted);
        if (credential is not CredentialResult.Granted granted)
        {
            await answers.WriteAsync(exchange, item, credential, reply, aborted);
            return;
        }

        exchange.Credential = granted.Origin;
        if (item.Linking is not AccountLinking.None)
            await AnswerLinkedAsync(exchange, item, aborted);
        else if (item.Backend.Kind == BackendKind.Contract)
            await contract.ForwardAsync(exchange, item, granted, next);
        else
            await native.ForwardAsync(exchange, item, state, granted, reply, next);
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
