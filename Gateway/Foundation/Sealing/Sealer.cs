using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// Seals bytes with AES-256-GCM under the key ring, so that only the gateway can read them and any change is noticed. The associated data
/// says what the record is and whose (<c>cursor/tools/{person}</c>): a record opens only where the same text is given. See <see cref="SealedLayout"/>. Thread-safe.
/// </summary>
internal sealed class Sealer(KeyRing ring)
{
    /// <summary>Seals under the active key with a fresh random nonce.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plaintext, string associatedData)
    {
        var key = ring.Active;
        var headerSize = SealedLayout.HeaderSize(key.Id.Length);
        var record = new byte[headerSize + SealedLayout.NonceSize + plaintext.Length + SealedLayout.TagSize];
        SealedLayout.WriteHeader(record, key.Id);

        var nonce = record.AsSpan(headerSize, SealedLayout.NonceSize);
        var body = record.AsSpan(headerSize + SealedLayout.NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Material, SealedLayout.TagSize);
        aes.Encrypt(
            nonce,
            plaintext,
            body[..plaintext.Length],
            body[plaintext.Length..],
            SealedLayout.AssociatedData(record.AsSpan(0, headerSize), associatedData));
        return record;
    }

    /// <summary>The plaintext, or null when the record was changed, was sealed for other associated data, or under a key that is not in the ring.</summary>
    public byte[]? TryOpen(ReadOnlySpan<byte> sealedBytes, string associatedData)
    {
        if (SealedLayout.FindKeyId(sealedBytes) is not { } keyId || ring.Find(keyId) is not { } key)
        {
            return null;
        }

        var header = sealedBytes[..SealedLayout.HeaderSize(keyId.Length)];
        var nonce = sealedBytes.Slice(header.Length, SealedLayout.NonceSize);
        var body = sealedBytes[(header.Length + SealedLayout.NonceSize)..];
        var plaintext = new byte[body.Length - SealedLayout.TagSize];
        using var aes = new AesGcm(key.Material, SealedLayout.TagSize);
        try
        {
            aes.Decrypt(nonce, body[..plaintext.Length], body[plaintext.Length..], plaintext, SealedLayout.AssociatedData(header, associatedData));
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Seals a text into base64url without padding, fit for URLs and JSON.</summary>
    public string SealText(string plaintext, string associatedData) =>
        Base64Url.EncodeToString(Seal(Encoding.UTF8.GetBytes(plaintext), associatedData));

    /// <summary>Opens what <see cref="SealText"/> made, in exactly the spelling it made; null as with <see cref="TryOpen"/>.</summary>
    public string? TryOpenText(string text, string associatedData)
    {
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        // Base64 has several spellings of the same bytes (padding, white space, spare bits); a token must have one.
        var record = Base64Url.DecodeFromChars(text);
        return Base64Url.EncodeToString(record) == text && TryOpen(record, associatedData) is { } plaintext
            ? Encoding.UTF8.GetString(plaintext)
            : null;
    }
}
