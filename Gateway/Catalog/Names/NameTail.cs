using System.Security.Cryptography;
using System.Text;

namespace Cortex.Catalog.Names;

/// <summary>The end of a name that had to be changed: hexadecimal digits of a hash of whose it is.</summary>
internal static class NameTail
{
    /// <summary>Digits of the usual tail.</summary>
    public const int Length = 8;

    /// <summary>Digits of the longest tail, for when shorter ones are taken.</summary>
    public const int MaxLength = 32;

    /// <summary>The name, shortened where it must be, and a tail: <c>long_na_1f0c9ab2</c>.</summary>
    public static string Append(string name, NameOwner owner, int digits, int maxLength)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.Backend}\0{owner.Name}"));
        var tail = Convert.ToHexStringLower(hash)[..digits];
        var start = name[..Math.Min(name.Length, maxLength - digits - 1)];
        return start.Length == 0 ? tail : $"{start}_{tail}";
    }
}
