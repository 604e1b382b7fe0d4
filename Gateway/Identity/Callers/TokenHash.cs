using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Cortex.Identity.Callers;

/// <summary>SHA-256 of a token: the key under which what is known of it is kept. Making one for a token of usual length allocates nothing.</summary>
internal readonly record struct TokenHash
{
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private TokenHash(ReadOnlySpan<byte> hash)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
    }

    /// <summary>The hash of a token, which is ASCII.</summary>
    public static TokenHash Of(ReadOnlySpan<char> token)
    {
        const int usual = 4096;
        var bytes = token.Length <= usual ? stackalloc byte[usual] : new byte[token.Length];
        var length = Encoding.Latin1.GetBytes(token, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        return new TokenHash(hash);
    }

    /// <summary>Base64url, 43 characters.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(hash, _high);
        BinaryPrimitives.WriteUInt128BigEndian(hash[16..], _low);
        return Base64Url.EncodeToString(hash);
    }
}
