namespace Cortex.Foundation.JsonRpc;

/// <summary>Bytes that a rewrite rule writes or compares with: the same for all messages, or a slot filled for each.</summary>
internal readonly record struct RewriteValue
{
    private readonly int _slot;
    private readonly ReadOnlyMemory<byte> _bytes;

    private RewriteValue(int slot, ReadOnlyMemory<byte> bytes) => (_slot, _bytes) = (slot, bytes);

    /// <summary>The same bytes for every message.</summary>
    public static RewriteValue Of(ReadOnlySpan<byte> bytes) => new(-1, bytes.ToArray());

    /// <summary>The value at position <paramref name="index"/> of those given to the rewriter.</summary>
    public static RewriteValue Slot(int index) => new(index, default);

    /// <summary>Number of slot values that this value calls for.</summary>
    internal int SlotsNeeded => _slot + 1;

    internal ReadOnlySpan<byte> Resolve(ReadOnlyMemory<byte>[] slots) => _slot < 0 ? _bytes.Span : slots[_slot].Span;
}
