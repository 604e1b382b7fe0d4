using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Cortex.Foundation.Sealing;

/// <summary>A named key of 256 bits.</summary>
internal sealed class SealingKey
{
    public const int Size = 32;

    /// <summary>Longest id, in bytes.</summary>
    public const int MaxIdLength = 64;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly byte[] _material;

    /// <exception cref="ArgumentException">The id or the length of the key is not as it must be.</exception>
    public SealingKey(string id, ReadOnlySpan<byte> material)
    {
        if (!IsId(id) || material.Length != Size)
        {
            throw new ArgumentException($"A sealing key needs an id of 1 to {MaxIdLength} of 'a-z 0-9 . _ -' and {Size} bytes (was '{id}', {material.Length} bytes).");
        }

        Id = id;
        _material = material.ToArray();
    }

    public string Id { get; }

    /// <summary>The key itself; use it where something is sealed or opened, and nowhere else.</summary>
    public ReadOnlySpan<byte> Material => _material;

    public static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= MaxIdLength } && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    /// <summary>Reads 32 bytes from base64 (also base64url) or 64 hexadecimal digits.</summary>
    public static bool TryReadMaterial(string? text, [NotNullWhen(true)] out byte[]? material)
    {
        material = null;
        text = text?.Trim();
        if (text is { Length: Size * 2 } && text.All(char.IsAsciiHexDigit))
        {
            material = Convert.FromHexString(text);
        }
        else if (text is { Length: 43 or 44 })
        {
            var base64Url = text.Replace('+', '-').Replace('/', '_').TrimEnd('=');
            material = Base64Url.IsValid(base64Url) ? Base64Url.DecodeFromChars(base64Url) : null;
        }

        return material is { Length: Size };
    }

    public override string ToString() => Id;
}
