namespace Cortex.Foundation.JsonRpc;

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
