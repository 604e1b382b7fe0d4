namespace Cortex.Foundation.JsonRpc;

/// <summary>Where something stands in a message: <paramref name="Length"/> bytes from offset <paramref name="Start"/>. The empty range means "absent".</summary>
internal readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>Offset of the first byte behind the range.</summary>
    public int End => Start + Length;

    /// <summary>True when nothing is there; no JSON value is empty.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The bytes of this range in the message it was found in.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> source) => source.Slice(Start, Length);

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    public ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> source) => source.Slice(Start, Length);
}
