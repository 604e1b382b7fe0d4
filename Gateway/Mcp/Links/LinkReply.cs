using System.Text.Json;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Links;

/// <summary>What a person said to the question whether they open the page where they link an account.</summary>
internal enum LinkReply
{
    /// <summary>Nothing, or nothing that can be read: they are asked again.</summary>
    None,

    /// <summary>They opened it; whether they have linked, the vault knows.</summary>
    Accepted,

    /// <summary>They declined, or closed the question.</summary>
    Declined,
}

/// <summary>Reads a <see cref="LinkReply"/> from the retry of a modern client.</summary>
internal static class LinkReplyReader
{
    /// <summary>The key of the question among <c>inputRequests</c>.</summary>
    public const string Key = "link_account";

    public static LinkReply Read(McpExchange exchange)
    {
        if (!exchange.Message.TryGet(McpMembers.InputResponses, out var responses) || responses.Kind != JsonValueKind.Object)
            return LinkReply.None;
        using var document = JsonDocument.Parse(responses.Value.Of(exchange.Message.Body), new JsonDocumentOptions { MaxDepth = MessageHandler.MaxDepth });
        if (!document.RootElement.TryGetProperty(Key, out var response) || response.ValueKind != JsonValueKind.Object
            || !response.TryGetProperty("action", out var action) || action.ValueKind != JsonValueKind.String)
            return LinkReply.None;
        return action.GetString() switch
        {
            "accept" => LinkReply.Accepted,
            "decline" or "cancel" => LinkReply.Declined,
            _ => LinkReply.None,
        };
    }
}
