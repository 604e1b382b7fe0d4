using System.Security.Cryptography;
using System.Text;

namespace Cortex.Identity.Callers.PersonalTokens;

/// <summary>
/// The text of a personal access token: <c>cortex_pat_</c>, 64 hexadecimal digits of chance, 8 of a checksum (the first of their SHA-256). The
/// prefix and the checksum let scanners find a leaked one without taking anything else for it, and a mistyped one cost no look into the database.
/// </summary>
internal static class PersonalTokenText
{
    public const string Prefix = "cortex_pat_";

    private const int RandomBytes = 32;
    private const int ChecksumBytes = 4;
    private const int Length = 11 + (2 * (RandomBytes + ChecksumBytes));

    /// <summary>True when a bearer token means to be one.</summary>
    public static bool IsClaimed(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>True when the text could be one that was made here.</summary>
    public static bool IsWhole(string text) =>
        text.Length == Length && IsClaimed(text) && text[^(2 * ChecksumBytes)..] == ChecksumOf(text[Prefix.Length..^(2 * ChecksumBytes)]);

    public static string New()
    {
        var random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));
        return Prefix + random + ChecksumOf(random);
    }

    private static string ChecksumOf(string random) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(random)))[..(2 * ChecksumBytes)];
}
