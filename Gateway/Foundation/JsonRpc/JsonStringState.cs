using System.Buffers;

namespace Cortex.Foundation.JsonRpc;

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
