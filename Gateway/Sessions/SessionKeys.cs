using Cortex.Foundation.Model;

namespace Cortex.Sessions;

/// <summary>Keys of the shared state under which a caller's sessions stand. The owner is part of each, as a hash.</summary>
internal static class SessionKeys
{
    /// <summary>Key of one session.</summary>
    public static string Of(Caller caller, SessionId id) => $"session:{SessionKey.Of(caller, id)}";

    /// <summary>Key of the list of a caller's sessions with equal capabilities.</summary>
    public static string Peers(Caller caller, ClientCapabilities capabilities) => $"session-peers:{SessionKey.OwnerDigest(caller)}:{capabilities.Digest}";
}
