using Cortex.Foundation.Model;

namespace Cortex.Sessions;

/// <summary>A legacy client's session.</summary>
/// <param name="Id">Its id, known to its owner.</param>
/// <param name="Version">The revision agreed on.</param>
/// <param name="Capabilities">The client's capabilities as it declared them, raw JSON.</param>
/// <param name="TouchedAt">When its expiry was last put off.</param>
internal sealed record ClientSession(SessionId Id, ProtocolVersion Version, string Capabilities, DateTimeOffset TouchedAt)
{
    /// <summary>Most resources that one session may subscribe to.</summary>
    public const int MaxSubscriptions = 500;

    /// <summary>URIs of the resources whose updates the client wants to hear of, as the client knows them.</summary>
    public IReadOnlyList<string> Subscriptions { get; init; } = [];
}
