using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Cortex.Foundation.JsonRpc;

/// <summary>Raw JSON scalars, read and written. A raw string has its quotes and comes from a reader that checked it.</summary>
internal static class JsonText
{
    private const int StackBytes = 256;

    /// <summary>True when the raw string says <paramref name="text"/> (unescaped UTF-8), however it spells it. No allocation.</summary>
    public static bool Equals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text) => IsString(raw) && ContentEquals(raw[1..^1], text);

    /// <summary>True when both raw scalars are equal byte for byte, or are strings that say the same in different spellings. No allocation.</summary>
    public static bool IsSame(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> other)
    {
        if (raw.SequenceEqual(other))
            return true;
        if (!IsString(raw) || !IsString(other))
            return false;
        if (!other.Contains((byte)'\\'))
            return Equals(raw, other[1..^1]);
        var rented = ArrayPool<byte>.Shared.Rent(other.Length);
        var same = TryUnescape(other[1..^1], rented, out var written) && Equals(raw, rented.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(rented);
        return same;
    }

    /// <summary>The string that <paramref name="raw"/> says; throws <see cref="FormatException"/> when it is no string of whole characters.</summary>
    public static string GetString(ReadOnlySpan<byte> raw) =>
        TryGetString(raw, out var text) ? text : throw new FormatException("The JSON value is not a well-formed string.");

    /// <summary>The string that <paramref name="raw"/> says; false when it is no string, or holds half a surrogate pair.</summary>
    public static bool TryGetString(ReadOnlySpan<byte> raw, out string text)
    {
        text = "";
        if (!IsString(raw))
            return false;
        var content = raw[1..^1];
        if (!content.Contains((byte)'\\'))
        {
            text = Encoding.UTF8.GetString(content);
            return true;
        }

        var rented = content.Length > StackBytes ? ArrayPool<byte>.Shared.Rent(content.Length) : null;
        Span<byte> buffer = rented ?? stackalloc byte[StackBytes];
        var done = TryUnescape(content, buffer, out var written);
        if (done)
            text = Encoding.UTF8.GetString(buffer[..written]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return done;
    }

    /// <summary>The whole number that <paramref name="raw"/> says; false for a fraction, an exponent, another type or too large a number.</summary>
    public static bool TryGetInt64(ReadOnlySpan<byte> raw, out long value) =>
        Utf8Parser.TryParse(raw, out value, out var consumed) && consumed == raw.Length;

    /// <summary>The truth value that <paramref name="raw"/> says; false for any other type.</summary>
    public static bool TryGetBoolean(ReadOnlySpan<byte> raw, out bool value)
    {
        value = raw.SequenceEqual("true"u8);
        return value || raw.SequenceEqual("false"u8);
    }

    /// <summary>Writes <paramref name="text"/> as a string literal; half a surrogate pair becomes U+FFFD.</summary>
    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<char> text) => JsonStringWriter.Write(output, text);

    /// <summary>Writes unescaped UTF-8 as a string literal.</summary>
    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8) => JsonStringWriter.Write(output, utf8);

    /// <summary>The string literal for <paramref name="text"/>.</summary>
    public static byte[] Quote(ReadOnlySpan<char> text)
    {
        using var buffer = new PooledBuffer(text.Length + 2);
        WriteString(buffer, text);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>As <see cref="Equals(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>, for the content between the quotes.</summary>
    internal static bool ContentEquals(ReadOnlySpan<byte> content, ReadOnlySpan<byte> text)
    {
        Span<byte> character = stackalloc byte[4];
        while (true)
        {
            var plain = content.IndexOf((byte)'\\');
            if (plain < 0)
                return content.SequenceEqual(text);
            if (text.Length < plain || !content[..plain].SequenceEqual(text[..plain]))
                return false;
            content = content[plain..];
            text = text[plain..];
            if (!JsonEscape.TryDecode(content, character, out var consumed, out var written) || !text.StartsWith(character[..written]))
                return false;
            content = content[consumed..];
            text = text[written..];
        }
    }

    /// <summary>True when every escape in the content between the quotes makes a whole character.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<byte> content)
    {
        Span<byte> character = stackalloc byte[4];
        for (var plain = content.IndexOf((byte)'\\'); plain >= 0; plain = content.IndexOf((byte)'\\'))
        {
            content = content[plain..];
            if (!JsonEscape.TryDecode(content, character, out var consumed, out _))
                return false;
            content = content[consumed..];
        }

        return true;
    }

    private static bool TryUnescape(ReadOnlySpan<byte> content, Span<byte> target, out int written)
    {
        written = 0;
        for (var plain = content.IndexOf((byte)'\\'); plain >= 0; plain = content.IndexOf((byte)'\\'))
        {
            content[..plain].CopyTo(target[written..]);
            written += plain;
            content = content[plain..];
            if (!JsonEscape.TryDecode(content, target[written..], out var consumed, out var bytes))
                return false;
            content = content[consumed..];
            written += bytes;
        }

        content.CopyTo(target[written..]);
        written += content.Length;
        return true;
    }

    private static bool IsString(ReadOnlySpan<byte> raw) => raw.Length >= 2 && raw[0] == '"' && raw[^1] == '"';
}
