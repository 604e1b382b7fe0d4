using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Cortex.Foundation.JsonRpc;

/// <summary>Writes string literals, escaping what RFC 8259 demands and nothing else: the quote, the backslash and control characters.</summary>
internal static class JsonStringWriter
{
    private const string MustEscape =
        "\"\\\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f";

    private static readonly SearchValues<char> EscapedCharacters = SearchValues.Create(MustEscape);
    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create(Encoding.ASCII.GetBytes(MustEscape));

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        output.Write("\""u8);
        for (var at = text.IndexOfAny(EscapedCharacters); at >= 0; at = text.IndexOfAny(EscapedCharacters))
        {
            Encoding.UTF8.GetBytes(text[..at], output);
            WriteEscape(output, (byte)text[at]);
            text = text[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
        output.Write("\""u8);
    }

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        output.Write("\""u8);
        for (var at = utf8.IndexOfAny(EscapedBytes); at >= 0; at = utf8.IndexOfAny(EscapedBytes))
        {
            output.Write(utf8[..at]);
            WriteEscape(output, utf8[at]);
            utf8 = utf8[(at + 1)..];
        }

        output.Write(utf8);
        output.Write("\""u8);
    }

    private static void WriteEscape(IBufferWriter<byte> output, byte value)
    {
        var span = output.GetSpan(6);
        span[0] = (byte)'\\';
        span[1] = value switch
        {
            8 => (byte)'b',
            9 => (byte)'t',
            10 => (byte)'n',
            12 => (byte)'f',
            13 => (byte)'r',
            (byte)'"' or (byte)'\\' => value,
            _ => (byte)'u',
        };
        if (span[1] == 'u')
            Utf8Formatter.TryFormat(value, span[2..], out _, new StandardFormat('x', 4));
        output.Advance(span[1] == 'u' ? 6 : 2);
    }
}
