using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cortex.Console.Billing;

/// <summary>
/// Checks signatures by <see href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</see>:
/// <c>v1,</c> and base64 of HMAC-SHA256 over <c>id.timestamp.body</c>; several may stand in the header, with spaces between them. Pure.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>How far the timestamp may be from now, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string Version = "v1,";
    private const int MaxSignatures = 16;

    /// <summary>True when the timestamp, in Unix seconds, is near enough to now.</summary>
    public static bool IsTimely(string timestamp, DateTimeOffset now) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= (long)Tolerance.TotalSeconds;

    /// <summary>True when one of the signatures is by one of the keys. Each comparison takes the same time, whatever differs.</summary>
    public static bool IsBy(IReadOnlyList<byte[]> keys, string id, string timestamp, ReadOnlySpan<byte> body, string signatures)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        var given = signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(signature => signature.StartsWith(Version, StringComparison.Ordinal))
            .Take(MaxSignatures)
            .Select(signature => Decode(signature[Version.Length..]))
            .ToArray();
        return keys.Select(key => HMACSHA256.HashData(key, signed)).Any(expected => given.Any(signature => CryptographicOperations.FixedTimeEquals(signature, expected)));
    }

    private static byte[] Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : [];
    }
}
