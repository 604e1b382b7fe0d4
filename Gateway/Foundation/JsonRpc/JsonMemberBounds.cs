namespace Cortex.Foundation.JsonRpc;

/// <summary>Finds the key and the commas around a member of valid JSON, from the place of its value.</summary>
internal static class JsonMemberBounds
{
    /// <summary>Offset of the opening quote of the key whose value starts at <paramref name="value"/>.</summary>
    public static int KeyStart(ReadOnlySpan<byte> source, int value)
    {
        var colon = JsonWhitespace.SkipBack(source, value);
        if (source[colon] != ':')
            throw new ArgumentException("The range is not the value of a member.", nameof(value));
        var quote = JsonWhitespace.SkipBack(source, colon) - 1;
        while (source[quote] != '"' || IsEscaped(source, quote))
            quote--;
        return quote;
    }

    /// <summary>Offset of the first key behind the comma that follows <paramref name="end"/>, or -1 when the object ends there.</summary>
    public static int NextKey(ReadOnlySpan<byte> source, int end)
    {
        var comma = JsonWhitespace.Skip(source, end);
        return source[comma] == ',' ? JsonWhitespace.Skip(source, comma + 1) : -1;
    }

    /// <summary>Offset of the comma before <paramref name="key"/>, or -1 when it is the first of its object.</summary>
    public static int CommaBefore(ReadOnlySpan<byte> source, int key)
    {
        var before = JsonWhitespace.SkipBack(source, key);
        return source[before] == ',' ? before : -1;
    }

    private static bool IsEscaped(ReadOnlySpan<byte> source, int at)
    {
        var slashes = 0;
        while (source[at - 1 - slashes] == '\\')
            slashes++;
        return slashes % 2 == 1;
    }
}
