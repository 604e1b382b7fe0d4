using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Foundation.Sealing;
using Cortex.Sessions;

namespace Cortex.Mcp.Relay;

/// <summary>
/// A request of a legacy server that was handed to the client: where its answer has to go. It travels, sealed, as the id that the client sees, so that
/// two servers can't collide and any replica can route the answer.
/// </summary>
/// <param name="Backend">Id of the backend.</param>
/// <param name="Destination">Id of the destination that asked.</param>
/// <param name="UpstreamSession">The caller's session there; null when the server keeps none.</param>
/// <param name="Version">The revision of that session.</param>
/// <param name="Id">The server's own id, raw JSON.</param>
internal sealed record RelayedRequest(string Backend, string Destination, string? UpstreamSession, string Version, string Id)
{
    /// <summary>The id that the client sees.</summary>
    public string Seal(Sealer sealer, SessionKey session) => sealer.SealText(JsonSerializer.Serialize(this, RelayJson.Default.RelayedRequest), Purpose(session));

    /// <summary>What the id stands for; null when it was changed, or made for another session.</summary>
    public static RelayedRequest? TryOpen(Sealer sealer, SessionKey session, string id) =>
        sealer.TryOpenText(id, Purpose(session)) is { } json ? JsonSerializer.Deserialize(json, RelayJson.Default.RelayedRequest) : null;

    private static string Purpose(SessionKey session) => $"relayed-request:{session}";
}

/// <summary>JSON of this room.</summary>
[JsonSerializable(typeof(RelayedRequest))]
internal sealed partial class RelayJson : JsonSerializerContext;
