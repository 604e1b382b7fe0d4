using System.Text;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// The bytes of a sealed record:
/// <code>
/// version (1) = 1 | length of key id (1) | key id (ASCII) | nonce (12) | ciphertext | tag (16)
/// </code>
/// What the tag also covers: version, length and key id, then the associated text in UTF-8.
/// </summary>
internal static class SealedLayout
{
    public const byte Version = 1;
    public const int NonceSize = 12;
    public const int TagSize = 16;

    public static int HeaderSize(int keyIdLength) => 2 + keyIdLength;

    public static void WriteHeader(Span<byte> target, string keyId)
    {
        target[0] = Version;
        target[1] = (byte)Encoding.ASCII.GetBytes(keyId, target[2..]);
    }

    /// <summary>The id of the key that sealed this, or null when these bytes are no sealed record. Says nothing about whether they are genuine.</summary>
    public static string? FindKeyId(ReadOnlySpan<byte> record)
    {
        if (record.Length < 2 || record[0] != Version || record[1] is 0 or > SealingKey.MaxIdLength)
        {
            return null;
        }

        var length = record[1];
        return record.Length < HeaderSize(length) + NonceSize + TagSize ? null : Encoding.Latin1.GetString(record.Slice(2, length));
    }

    public static byte[] AssociatedData(ReadOnlySpan<byte> header, string text)
    {
        var bytes = new byte[header.Length + Encoding.UTF8.GetByteCount(text)];
        header.CopyTo(bytes);
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(header.Length));
        return bytes;
    }
}
