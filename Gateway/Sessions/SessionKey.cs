using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Model;

namespace Cortex.Sessions;

/// <summary>
/// Key of what belongs to one session of one owner: a digest of the owner, then the session's id. Another person who learns the id has
/// another key.
/// </summary>
internal readonly record struct SessionKey(string Value)
{
    public static SessionKey Of(Caller caller, SessionId id) => new($"{OwnerDigest(caller)}:{id}");

    /// <summary>The digest of its owner, see <see cref="OwnerDigest"/>.</summary>
    public string Owner => Value[..Value.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>A digest of the caller's owner, for keys.</summary>
    public static string OwnerDigest(Caller caller) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(caller.Owner)))[..32];

    public override string ToString() => Value;
}
