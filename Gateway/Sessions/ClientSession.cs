using System.Text;
using Cortex.Foundation.Model;

namespace Cortex.Sessions;

/// <summary>A legacy client's session.</summary>
/// <param name="Id">Its id, known to its owner.</param>
/// <param name="Version">The revision agreed on.</param>
/// <param name="Capabilities">The client's capabilities as it declared them, raw JSON.</param>
/// <param name="Level">What the client asked for by <c>logging/setLevel</c>; null when it never did, which lets all messages through.</param>
/// <param name="TouchedAt">When its expiry was last put off.</param>
internal sealed record ClientSession(SessionId Id, ProtocolVersion Version, string Capabilities, McpLogLevel? Level, DateTimeOffset TouchedAt)
{
    /// <summary>What of <see cref="Capabilities"/> the gateway relays; read when first asked for.</summary>
    public ClientCapabilities ClientCapabilities => field ??= ClientCapabilities.Of(Encoding.UTF8.GetBytes(Capabilities));

    /// <summary>Most resources that one session may subscribe to.</summary>
    public const int MaxSubscriptions = 500;

    /// <summary>The toolset at whose address it was opened, and where alone it counts; null: <c>/mcp</c>.</summary>
    public ToolsetId? Toolset { get; init; }

    /// <summary>URIs of the resources whose updates the client wants to hear of, as the client knows them.</summary>
    public IReadOnlyList<string> Subscriptions { get; init; } = [];
}
