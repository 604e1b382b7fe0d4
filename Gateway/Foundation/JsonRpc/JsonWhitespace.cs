namespace Cortex.Foundation.JsonRpc;

/// <summary>The four bytes that JSON allows between tokens.</summary>
internal static class JsonWhitespace
{
    public static bool Is(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    /// <summary>Offset of the first byte from <paramref name="at"/> on that is no white space.</summary>
    public static int Skip(ReadOnlySpan<byte> utf8, int at)
    {
        while (at < utf8.Length && Is(utf8[at]))
            at++;
        return at;
    }

    /// <summary>Offset of the last byte before <paramref name="at"/> that is no white space.</summary>
    public static int SkipBack(ReadOnlySpan<byte> utf8, int at)
    {
        do
            at--;
        while (Is(utf8[at]));
        return at;
    }
}
