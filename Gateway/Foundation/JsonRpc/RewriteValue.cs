namespace Cortex.Foundation.JsonRpc;

/// <summary>Bytes that a rewrite rule writes or compares with: the same for all messages, or a slot filled for each. The default is no bytes.</summary>
internal readonly record struct RewriteValue
{
    private readonly ReadOnlyMemory<byte> _bytes;

    private RewriteValue(int slotsNeeded, ReadOnlyMemory<byte> bytes) => (SlotsNeeded, _bytes) = (slotsNeeded, bytes);

    /// <summary>Number of slot values that this value calls for: the slot's position and one more, or 0.</summary>
    internal int SlotsNeeded { get; }

    /// <summary>The same bytes for every message.</summary>
    public static RewriteValue Of(ReadOnlySpan<byte> bytes) => new(0, bytes.ToArray());

    /// <summary>The value at position <paramref name="index"/> of those given to the rewriter.</summary>
    public static RewriteValue Slot(int index) => new(checked(index + 1), default);

    internal ReadOnlySpan<byte> Resolve(ReadOnlyMemory<byte>[] slots) => SlotsNeeded == 0 ? _bytes.Span : slots[SlotsNeeded - 1].Span;
}
