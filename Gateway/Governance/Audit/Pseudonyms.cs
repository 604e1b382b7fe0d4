using System.Security.Cryptography;
using System.Text;

namespace Cortex.Governance.Audit;

/// <summary>
/// Turns a person's id into the name they bear in logs: <c>u_</c> and 32 hexadecimal digits of HMAC-SHA256 under a key of its own. The same
/// person has the same pseudonym on every replica and after every restart; without the key it leads back to nobody. Thread-safe.
/// </summary>
internal sealed class Pseudonyms
{
    private volatile byte[]? _key;

    /// <summary>Sets the key; called once by <see cref="PseudonymPreparation"/>.</summary>
    public void Load(byte[] key) => _key = key;

    /// <summary>The pseudonym of a person; null for none (a machine client).</summary>
    public string? Find(string? personId)
    {
        if (personId is null)
            return null;
        var key = _key ?? throw new InvalidOperationException("The audit log was used before PseudonymPreparation had loaded its key.");
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(personId), mac);
        return "u_" + Convert.ToHexStringLower(mac[..16]);
    }
}
