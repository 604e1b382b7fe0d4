using System.Text;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Compares keys as parsers do that ignore case: some take <c>"Name"</c> for <c>name</c>, and also the long s (U+017F) and the
/// Kelvin sign (U+212A), which fold to <c>s</c> and <c>k</c>. Such a key could name another tool to a backend than to the gateway.
/// </summary>
internal static class CaseFolding
{
    /// <summary>True when the raw <paramref name="key"/> (without quotes, escapes allowed) folds to the same as <paramref name="name"/>.</summary>
    public static bool ContentEquals(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name)
    {
        Span<byte> piece = stackalloc byte[4];
        var at = 0;
        while (!key.IsEmpty)
        {
            if (!JsonEscape.TryDecodeNext(key, piece, out var consumed, out var written))
                return false;
            key = key[consumed..];
            if (Rune.DecodeFromUtf8(piece[..written], out var left, out _) != System.Buffers.OperationStatus.Done
                || Rune.DecodeFromUtf8(name[at..], out var right, out var width) != System.Buffers.OperationStatus.Done
                || Fold(left) != Fold(right))
            {
                return false;
            }

            at += width;
        }

        return at == name.Length;
    }

    private static int Fold(Rune rune) => rune.Value switch
    {
        0x017F => 's',
        0x212A => 'k',
        >= 'A' and <= 'Z' => rune.Value + ('a' - 'A'),
        _ => rune.Value,
    };
}
