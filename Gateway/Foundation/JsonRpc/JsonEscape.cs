using System.Globalization;
using System.Text;

namespace Cortex.Foundation.JsonRpc;

/// <summary>Decodes the escapes of a JSON string (<see href="https://www.rfc-editor.org/rfc/rfc8259#section-7">RFC 8259, section 7</see>).</summary>
internal static class JsonEscape
{
    /// <summary>
    /// Decodes the first character of <paramref name="content"/>, escaped or not, into <paramref name="utf8"/> (4 bytes).
    /// False for half a surrogate pair and for what is no escape.
    /// </summary>
    public static bool TryDecodeNext(ReadOnlySpan<byte> content, Span<byte> utf8, out int consumed, out int written)
    {
        if (content[0] == '\\')
            return TryDecode(content, utf8, out consumed, out written);
        if (Rune.DecodeFromUtf8(content, out _, out consumed) != System.Buffers.OperationStatus.Done)
        {
            written = 0;
            return false;
        }

        content[..consumed].CopyTo(utf8);
        written = consumed;
        return true;
    }

    /// <summary>Decodes the escape (or the two of a surrogate pair) that <paramref name="content"/> starts with into at most 4 bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> content, Span<byte> utf8, out int consumed, out int written)
    {
        consumed = 2;
        written = 1;
        if (content.Length < 2)
            return false;
        utf8[0] = content[1] switch
        {
            (byte)'b' => 8,
            (byte)'f' => 12,
            (byte)'n' => 10,
            (byte)'r' => 13,
            (byte)'t' => 9,
            (byte)'"' or (byte)'\\' or (byte)'/' => content[1],
            _ => 0,
        };
        return utf8[0] != 0 || TryDecodeUnicode(content, utf8, out consumed, out written);
    }

    private static bool TryDecodeUnicode(ReadOnlySpan<byte> content, Span<byte> utf8, out int consumed, out int written)
    {
        written = 0;
        consumed = 6;
        if (!TryReadUnit(content, out var unit))
            return false;
        if (!char.IsSurrogate(unit))
            return new Rune(unit).TryEncodeToUtf8(utf8, out written);
        consumed = 12;
        return TryReadUnit(content[6..], out var low)
            && Rune.TryCreate(unit, low, out var rune)
            && rune.TryEncodeToUtf8(utf8, out written);
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> content, out char unit)
    {
        unit = default;
        if (content.Length < 6 || content[0] != '\\' || content[1] != 'u'
            || !ushort.TryParse(content[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
