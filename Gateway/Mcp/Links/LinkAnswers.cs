using System.Buffers;
using System.Text.Json;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Identity.Credentials;
using Cortex.Identity.Vault;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Links;

/// <summary>
/// Tells a caller, in their own terms, that the person must link an account first:
/// (1) a modern client that opens addresses gets a result that asks for it, where the method knows such results, and calls again;
/// (2) a client of 2025-11-25 that opens addresses gets the error <c>-32042</c>, and is told when it is done;
/// (3) any other gets a sentence with the address, a tool call as its result, other methods as an error.
/// It is never an HTTP error: the client's own sign-in is in order.
/// </summary>
/// <remarks>
/// <see href="https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation"/>,
/// <see href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation"/>
/// </remarks>
internal sealed class LinkAnswers(McpReplies replies, RequestStates states, OpenElicitations open)
{
    /// <summary>Writes the answer to a call.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="item">What it is about.</param>
    /// <param name="needed">What is to be linked, and where.</param>
    /// <param name="reply">What the person said when this call asked before.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async ValueTask WriteAsync(McpExchange exchange, CatalogItem item, CredentialResult.LinkNeeded needed, LinkReply reply, CancellationToken cancellationToken)
    {
        if (reply == LinkReply.None && MayAsk(exchange))
        {
            exchange.Fail(McpFailure.ToolError, "denied", needed.Reason);
            await replies.WriteResultAsync(exchange, Question(exchange, item, needed), cancellationToken);
        }
        else if (TakesError(exchange))
        {
            await McpReplies.RejectAsync(exchange, RequiredError(exchange, item, needed), cancellationToken);
            exchange.Fail(McpError.UrlElicitationRequired, needed.Reason);
        }
        else
        {
            exchange.Fail(McpFailure.ToolError, "denied", needed.Reason);
            await replies.WriteFailureAsync(exchange, Sentence(item, needed, reply), Data(exchange, needed), cancellationToken);
        }
    }

    /// <summary>The same as an error, for what the gateway answers itself.</summary>
    public McpError ErrorOf(McpExchange exchange, CatalogItem item, CredentialResult.LinkNeeded needed) => TakesError(exchange)
        ? RequiredError(exchange, item, needed)
        : new McpError(StatusCodes.Status200OK, McpError.InternalError, Sentence(item, needed, LinkReply.None), Data(exchange, needed));

    /// <summary>A call within another has nobody to ask.</summary>
    private static bool MayAsk(McpExchange exchange) =>
        exchange is { Era: Era.Modern, IsBatched: false, Capabilities.OpensUrls: true, Message.Method: "tools/call" or "prompts/get" or "resources/read" };

    private static bool TakesError(McpExchange exchange) =>
        exchange is { IsBatched: false, Capabilities.OpensUrls: true } && exchange.Version == ProtocolVersion.V20251125;

    private static string Sentence(CatalogItem item, CredentialResult.LinkNeeded needed, LinkReply reply) => reply switch
    {
        LinkReply.Declined => $"The person chose not to link their account at backend '{item.Backend.Id}', and '{item.PublicName}' can't be done without. Should they want to after all, they open {needed.Invitation.Address}",
        LinkReply.Accepted => $"The person has not finished linking their account at backend '{item.Backend.Id}' yet. Once they have, at {needed.Invitation.Address} , call '{item.PublicName}' again.",
        _ => $"{needed.Reason} Ask them to open {needed.Invitation.Address} in a browser and link their account there; then call '{item.PublicName}' again.",
    };

    /// <summary>What a client shows beside the address.</summary>
    private static string Message(CatalogItem item, CredentialResult.LinkNeeded needed) =>
        $"{needed.Reason} Open this page to link the account; '{item.PublicName}' is done after that.";

    private ResultContent Question(McpExchange exchange, CatalogItem item, CredentialResult.LinkNeeded needed)
    {
        using var members = new PooledBuffer(2048);
        members.Write("\"inputRequests\":"u8);
        using (var json = new Utf8JsonWriter(members))
        {
            json.WriteStartObject();
            json.WriteStartObject(LinkReplyReader.Key);
            json.WriteString("method"u8, "elicitation/create"u8);
            json.WriteStartObject("params"u8);
            json.WriteString("mode"u8, "url"u8);
            json.WriteString("message"u8, Message(item, needed));
            json.WriteString("url"u8, needed.Invitation.Address.AbsoluteUri);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        members.Write(",\"requestState\":"u8);
        members.Write(states.SealLink(exchange, item, needed.Account).Span);
        return new ResultContent(members.WrittenSpan.ToArray()) { AsksForInput = true };
    }

    private McpError RequiredError(McpExchange exchange, CatalogItem item, CredentialResult.LinkNeeded needed)
    {
        if (exchange is { SessionKey: { } session, Caller.Person: { } person })
            open.Note(new GrantKey(person.Id, item.Backend.Id), session, needed.Invitation.ElicitationId);
        return new McpError(StatusCodes.Status200OK, McpError.UrlElicitationRequired, needed.Reason, Write(json =>
        {
            json.WriteStartArray("elicitations"u8);
            json.WriteStartObject();
            json.WriteString("mode"u8, "url"u8);
            json.WriteString("elicitationId"u8, needed.Invitation.ElicitationId);
            json.WriteString("url"u8, needed.Invitation.Address.AbsoluteUri);
            json.WriteString("message"u8, Message(item, needed));
            json.WriteEndObject();
            json.WriteEndArray();
        }));
    }

    private static byte[] Data(McpExchange exchange, CredentialResult.LinkNeeded needed) => Write(json =>
    {
        json.WriteString("url"u8, needed.Invitation.Address.AbsoluteUri);
        if (exchange.TraceId is { } traceId)
            json.WriteString("cortex.dev/traceId"u8, traceId);
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
