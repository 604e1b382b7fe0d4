using Cortex.Foundation.Model;

namespace Cortex.Sessions.Upstream;

/// <summary>A session at a legacy native server, kept for one caller.</summary>
/// <param name="Destination">Id of the YARP destination that holds it.</param>
/// <param name="SessionId">The server's id for it; null when the server keeps no sessions.</param>
/// <param name="Version">The revision agreed on.</param>
internal sealed record UpstreamSession(string Destination, string? SessionId, ProtocolVersion Version);

/// <summary>What came of asking for a session.</summary>
internal abstract record UpstreamSessionResult
{
    private UpstreamSessionResult()
    {
    }

    internal sealed record Ready(UpstreamSession Session) : UpstreamSessionResult;

    /// <summary>The server refused the handshake or broke the protocol; one sentence for the agent.</summary>
    internal sealed record Refused(string Reason) : UpstreamSessionResult;

    /// <summary>The server did not answer in time, or not at all.</summary>
    internal sealed record Unreachable(string Reason) : UpstreamSessionResult;
}
