using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Relay;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Looks at what the unfinished result of a modern server asks of a modern client: a server may ask only for what it was told that the client can do. A result that asks is
/// held whole, up to <see cref="MaxBytes"/>, since nothing of it may reach the client before all that it asks for is known.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr"/></remarks>
internal sealed class InputCheck(NativeRules rules, McpExchange exchange)
{
    /// <summary>Longest result that asks.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The capability that the server asks for and the client did not declare, as a JSON object; null when there is none.</summary>
    public string? Undeclared { get; private set; }

    /// <summary>True for a result that asks, as far as can be told by now.</summary>
    public bool Asks(JsonStreamRewriter answer) => rules.MayAsk(answer);

    /// <summary>False when the whole result <paramref name="json"/> asks for something that the client did not declare.</summary>
    public bool Passes(JsonStreamRewriter answer, ReadOnlyMemory<byte> json)
    {
        if (!rules.IsUnfinished(answer))
            return true;
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MessageHandler.MaxDepth });
        if (document.RootElement.GetProperty("result").TryGetProperty("inputRequests", out var requests) && requests.ValueKind == JsonValueKind.Object)
            Undeclared = requests.EnumerateObject().Select(request => RelayedMethods.FindUndeclared(request.Value, exchange.Capabilities)).FirstOrDefault(missing => missing is not null);
        return Undeclared is null;
    }
}
