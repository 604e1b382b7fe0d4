using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Model;

namespace Cortex.Foundation.Webhooks;

/// <summary>
/// Signatures of <see href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard Webhooks</see>:
/// <c>webhook-signature: v1,&lt;base64 of HMAC-SHA256 over "id.timestamp.body"&gt;</c>, several of them separated by spaces while a secret is changed.
/// A secret is <c>whsec_</c> and 24 to 64 bytes in base64.
/// </summary>
internal static class StandardWebhook
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far the clocks of both sides may be apart.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const int LeastKeyBytes = 24;
    private const int MostKeyBytes = 64;

    /// <summary>Whether the secret has the form that both sides understand.</summary>
    public static bool IsSecret(Secret secret) => Key(secret) is not null;

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    /// <param name="secret">A valid secret.</param>
    /// <param name="id">The value of <c>webhook-id</c>: the same at each attempt, so that the receiver can tell a repetition.</param>
    /// <param name="sentAt">The moment of this attempt; <c>webhook-timestamp</c> holds its unix seconds.</param>
    /// <param name="body">The body, byte for byte.</param>
    public static string Sign(Secret secret, string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body) =>
        Version + Convert.ToBase64String(Mac(Key(secret) ?? throw new ArgumentException("The secret is not a webhook secret.", nameof(secret)), id, sentAt.ToUnixTimeSeconds(), body));

    /// <summary>Whether one of the signatures is by this secret and the timestamp is near <paramref name="now"/>. Compares in constant time.</summary>
    public static bool Verify(Secret secret, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (Key(secret) is not { } key || string.IsNullOrEmpty(id) || signatures is null
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds)
            return false;
        var expected = Encoding.ASCII.GetBytes(Version + Convert.ToBase64String(Mac(key, id, seconds, body)));
        var isSigned = false;
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            isSigned |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        return isSigned;
    }

    private static byte[] Mac(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }

    private static byte[]? Key(Secret secret)
    {
        var text = secret.Reveal();
        if (!text.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return null;
        var key = new byte[MostKeyBytes];
        return Convert.TryFromBase64String(text[SecretPrefix.Length..], key, out var length) && length >= LeastKeyBytes ? key[..length] : null;
    }
}
