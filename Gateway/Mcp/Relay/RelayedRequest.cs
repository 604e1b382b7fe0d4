using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Relay;

/// <summary>
/// A request of a legacy server that was handed to the client: where its answer has to go. It travels, sealed, as the id that the client sees, so that
/// two servers can't collide and any replica can route the answer.
/// </summary>
/// <param name="Backend">Id of the backend.</param>
/// <param name="Destination">Id of the destination that asked.</param>
/// <param name="Address">That destination's address.</param>
/// <param name="UpstreamSession">The caller's session there; null when the server keeps none.</param>
/// <param name="Version">The revision of that session.</param>
/// <param name="Id">The server's own id, raw JSON.</param>
internal sealed record RelayedRequest(string Backend, string Destination, string Address, string? UpstreamSession, string Version, string Id)
{
    /// <summary>The request <paramref name="id"/> (raw JSON) that a server made in the caller's session there.</summary>
    public static RelayedRequest Of(BackendDefinition backend, UpstreamSession session, string id) =>
        new(backend.Id.Value, session.Destination, session.Address, session.SessionId, session.Version.Value, id);

    /// <summary>The session that the answer belongs to.</summary>
    public UpstreamSession Session =>
        new(Destination, Address, UpstreamSession, ProtocolVersion.Find(Version) ?? ProtocolVersion.LatestLegacy, Logs: false, Level: null, default);

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
