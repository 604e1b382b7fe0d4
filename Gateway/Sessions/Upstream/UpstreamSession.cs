using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;

namespace Cortex.Sessions.Upstream;

/// <summary>A session at a legacy native server, kept for one caller.</summary>
/// <param name="Destination">Id of the YARP destination that holds it.</param>
/// <param name="Address">That destination's address when the session was opened: a reload may give the id to another.</param>
/// <param name="SessionId">The server's id for it; null when the server keeps no sessions.</param>
/// <param name="Version">The revision agreed on.</param>
/// <param name="Logs">True when the server takes <c>logging/setLevel</c>.</param>
/// <param name="Level">The level the server was last told; null when it was told none.</param>
/// <param name="TouchedAt">When its expiry was last put off.</param>
internal sealed record UpstreamSession(
    string Destination, string Address, string? SessionId, ProtocolVersion Version, bool Logs, McpLogLevel? Level, DateTimeOffset TouchedAt)
{
    /// <summary>The account at the server whose session it is; null where the caller alone decides.</summary>
    public string? Account { get; init; }

    /// <summary>True when both are one session at the server, whatever else was noted about it.</summary>
    public bool IsSame(UpstreamSession other) => Destination == other.Destination && Address == other.Address && SessionId == other.SessionId;
}

/// <summary>What came of asking for a session.</summary>
internal abstract record UpstreamSessionResult
{
    private UpstreamSessionResult()
    {
    }

    internal sealed record Ready(UpstreamSession Session) : UpstreamSessionResult;

    /// <summary>The server refused the handshake or broke the protocol; one sentence for the agent.</summary>
    internal sealed record Refused(string Reason) : UpstreamSessionResult;

    /// <summary>The server does not take the credential; one sentence for the agent.</summary>
    /// <param name="Refusal">What it says against it.</param>
    /// <param name="Credential">Which one: callers share handshakes.</param>
    /// <param name="Reason">One sentence for the agent.</param>
    internal sealed record CredentialRefused(CredentialRefusal Refusal, CredentialResult.Granted Credential, string Reason) : UpstreamSessionResult;

    /// <summary>The server did not answer in time, or not at all.</summary>
    internal sealed record Unreachable(string Reason) : UpstreamSessionResult;
}
