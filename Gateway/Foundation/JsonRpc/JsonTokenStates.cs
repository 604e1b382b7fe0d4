using System.Buffers;

namespace Cortex.Foundation.JsonRpc;

/// <summary>How far a token has got.</summary>
internal enum JsonTokenStatus : byte
{
    /// <summary>The chunk ended first.</summary>
    More,

    Ended,

    /// <summary>The byte at hand cannot stand there.</summary>
    Bad,
}

/// <summary>A string that arrives in chunks, from behind its opening quote on.</summary>
internal struct JsonStringState
{
    private const int AfterBackslash = 5;

    private static readonly SearchValues<byte> Special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    /// <summary>5 behind a backslash, then the number of hexadecimal digits still to come.</summary>
    private int _pending;

    public JsonTokenStatus Advance(ReadOnlySpan<byte> input, ref int at)
    {
        while (at < input.Length)
        {
            if (_pending != 0)
            {
                if (!TakeEscape(input[at]))
                    return JsonTokenStatus.Bad;
                at++;
                continue;
            }

            var plain = input[at..].IndexOfAny(Special);
            at = plain < 0 ? input.Length : at + plain;
            if (plain < 0)
                return JsonTokenStatus.More;
            if (input[at] is not ((byte)'"' or (byte)'\\'))
                return JsonTokenStatus.Bad;
            if (input[at++] == '"')
                return JsonTokenStatus.Ended;
            _pending = AfterBackslash;
        }

        return JsonTokenStatus.More;
    }

    private bool TakeEscape(byte value)
    {
        if (_pending == AfterBackslash)
        {
            _pending = value == 'u' ? 4 : 0;
            return "\"\\/bfnrtu"u8.Contains(value);
        }

        _pending--;
        return char.IsAsciiHexDigit((char)value);
    }
}

/// <summary>A number that arrives in chunks. Its end shows only in what follows it.</summary>
internal struct JsonNumberState
{
    private Part _part;

    private enum Part : byte
    {
        Start,
        Minus,
        Zero,
        Integer,
        Point,
        Fraction,
        Exponent,
        ExponentSign,
        ExponentDigits,
    }

    /// <summary>True when the number may end here.</summary>
    public readonly bool IsWhole => _part is Part.Zero or Part.Integer or Part.Fraction or Part.ExponentDigits;

    public JsonTokenStatus Advance(ReadOnlySpan<byte> input, ref int at)
    {
        for (; at < input.Length; at++)
        {
            var next = Next(input[at]);
            if (next == Part.Start)
                return IsWhole ? JsonTokenStatus.Ended : JsonTokenStatus.Bad;
            _part = next;
        }

        return JsonTokenStatus.More;
    }

    /// <summary>The part that <paramref name="value"/> leads to; Start when it is not of this number.</summary>
    private readonly Part Next(byte value) => (_part, value) switch
    {
        (Part.Start, (byte)'-') => Part.Minus,
        (Part.Start or Part.Minus, (byte)'0') => Part.Zero,
        (Part.Start or Part.Minus or Part.Integer, >= (byte)'0' and <= (byte)'9') => Part.Integer,
        (Part.Zero or Part.Integer, (byte)'.') => Part.Point,
        (Part.Point or Part.Fraction, >= (byte)'0' and <= (byte)'9') => Part.Fraction,
        (Part.Zero or Part.Integer or Part.Fraction, (byte)'e' or (byte)'E') => Part.Exponent,
        (Part.Exponent, (byte)'+' or (byte)'-') => Part.ExponentSign,
        (Part.Exponent or Part.ExponentSign or Part.ExponentDigits, >= (byte)'0' and <= (byte)'9') => Part.ExponentDigits,
        _ => Part.Start,
    };
}

/// <summary><c>true</c>, <c>false</c> or <c>null</c>, arriving in chunks.</summary>
internal struct JsonLiteralState(byte first)
{
    private readonly byte _first = first;
    private int _taken;

    public JsonTokenStatus Advance(ReadOnlySpan<byte> input, ref int at)
    {
        var word = _first switch
        {
            (byte)'t' => "true"u8,
            (byte)'f' => "false"u8,
            _ => "null"u8,
        };
        for (; at < input.Length && _taken < word.Length; at++, _taken++)
        {
            if (input[at] != word[_taken])
                return JsonTokenStatus.Bad;
        }

        return _taken == word.Length ? JsonTokenStatus.Ended : JsonTokenStatus.More;
    }
}
