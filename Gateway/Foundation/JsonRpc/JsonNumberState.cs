namespace Cortex.Foundation.JsonRpc;

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
