using System.Buffers;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Edits of one JSON text that leave every other byte as it was. Ranges come from a reader over the same bytes. Edits may be
/// given in any order but must not overlap; at most 16. The empty range of
/// an absent member throws. Example: <c>splice.Replace(name.Value, newName); splice.WriteTo(buffer)</c>.
/// </summary>
internal ref struct JsonSplice(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private JsonEdits _edits;
    private bool _settled;

    /// <summary>Puts <paramref name="replacement"/> in the place of <paramref name="value"/>.</summary>
    public void Replace(ByteRange value, ReadOnlyMemory<byte> replacement) => Add(JsonEditKind.Replace, Present(value), replacement);

    /// <summary>Puts <paramref name="member"/> (<c>"name":value</c>, without comma) first into <paramref name="container"/>, a raw object.</summary>
    public void InsertFirst(ByteRange container, ReadOnlyMemory<byte> member) =>
        Add(JsonEditKind.InsertFirst, new ByteRange(Present(container).Start + 1, 0), member);

    /// <summary>Takes out the member that has <paramref name="value"/>, with its key and one comma.</summary>
    public void Remove(ByteRange value)
    {
        var key = JsonMemberBounds.KeyStart(_source, Present(value).Start);
        Add(JsonEditKind.Remove, new ByteRange(key, value.End - key), default);
    }

    /// <summary>Length of the edited text in bytes.</summary>
    public int GetLength()
    {
        Settle();
        return _edits.LengthOf(_source.Length);
    }

    /// <summary>Writes the edited text.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        Settle();
        _edits.Write(_source, output);
    }

    private static ByteRange Present(ByteRange range) => range.IsEmpty
        ? throw new ArgumentException("The message has no such member; a splice edits only what the reader found.", nameof(range))
        : range;

    private void Add(JsonEditKind kind, ByteRange range, ReadOnlyMemory<byte> bytes)
    {
        if (_settled)
            throw new InvalidOperationException("A splice takes no edits once it was measured or written.");
        _edits.Add(new JsonEdit(kind, range, bytes));
    }

    private void Settle()
    {
        if (!_settled)
            _edits.SettleCommas(_source);
        _settled = true;
    }
}
