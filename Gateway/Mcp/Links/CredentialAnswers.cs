using Cortex.Catalog;
using Cortex.Foundation.Observability;
using Cortex.Identity.Credentials;

namespace Cortex.Mcp.Links;

/// <summary>Answers a call that can't go out, or not again, since there is no credential for it.</summary>
internal sealed class CredentialAnswers(LinkAnswers links, McpReplies replies)
{
    /// <summary>Writes the whole answer.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="item">What it is about.</param>
    /// <param name="result">Why there is none.</param>
    /// <param name="reply">What the person said when this call asked them to link.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async ValueTask WriteAsync(McpExchange exchange, CatalogItem item, CredentialResult result, LinkReply reply, CancellationToken cancellationToken)
    {
        switch (result)
        {
            case CredentialResult.LinkNeeded needed:
                await links.WriteAsync(exchange, item, needed, reply, cancellationToken);
                break;
            case CredentialResult.Refused refused:
                exchange.Fail(McpFailure.ToolError, "denied", refused.Reason);
                await replies.WriteFailureAsync(exchange, refused.Reason, cancellationToken);
                break;
            default:
                throw new InvalidOperationException("A credential was refused in no known way.");
        }
    }
}
