using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Model;

namespace Cortex.Sessions;

/// <summary>Keys of the shared state under which a caller's sessions stand. The owner is part of each, as a hash.</summary>
internal static class SessionKeys
{
    /// <summary>Key of one session.</summary>
    public static string Of(Caller caller, SessionId id) => $"session:{Owner(caller)}:{id}";

    /// <summary>Key of the list of a caller's sessions with equal capabilities.</summary>
    public static string Peers(Caller caller, ClientCapabilities capabilities) => $"session-peers:{Owner(caller)}:{capabilities.Digest}";

    private static string Owner(Caller caller) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Owner)))[..32];
}
