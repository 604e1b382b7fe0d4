using System.Buffers;
using System.Runtime.CompilerServices;

namespace Cortex.Foundation.JsonRpc;

/// <summary>The edits of one splice, sorted by place. Before writing, removals take their commas along and insertions get theirs.</summary>
internal struct JsonEdits
{
    private const int Capacity = 16;
    private Slots _slots;
    private int _count;

    public void Add(JsonEdit edit)
    {
        if (_count == Capacity)
            throw new InvalidOperationException($"A splice takes at most {Capacity} edits.");
        var at = _count++;
        for (; at > 0 && IsBehind(_slots[at - 1].Range, edit.Range); at--)
            _slots[at] = _slots[at - 1];
        _slots[at] = edit;
        if ((at > 0 && _slots[at - 1].Range.End > edit.Range.Start) || (at + 1 < _count && edit.Range.End > _slots[at + 1].Range.Start))
            throw new InvalidOperationException("The edits of a splice must not overlap.");
    }

    public readonly int LengthOf(int sourceLength)
    {
        var length = sourceLength;
        for (var i = 0; i < _count; i++)
            length += _slots[i].Bytes.Length + (_slots[i].Comma ? 1 : 0) - _slots[i].Range.Length;
        return length;
    }

    public readonly void Write(ReadOnlySpan<byte> source, IBufferWriter<byte> output)
    {
        var from = 0;
        for (var i = 0; i < _count; i++)
        {
            output.Write(source[from.._slots[i].Range.Start]);
            output.Write(_slots[i].Bytes.Span);
            if (_slots[i].Comma)
                output.Write(","u8);
            from = _slots[i].Range.End;
        }

        output.Write(source[from..]);
    }

    /// <summary>
    /// A member that has a successor goes with all bytes up to the successor's key. The last member goes with the comma before it,
    /// that is before the whole run of removed members it ends. An insertion is followed by a comma unless nothing follows.
    /// </summary>
    public void SettleCommas(ReadOnlySpan<byte> source)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_slots[i].Kind == JsonEditKind.InsertFirst)
                _slots[i] = _slots[i] with { Comma = source[JsonWhitespace.Skip(source, _slots[i].Range.Start)] != '}' || IsSamePlace(i) };
            else if (_slots[i].Kind == JsonEditKind.Remove)
                SettleRemoval(source, i);
        }
    }

    private void SettleRemoval(ReadOnlySpan<byte> source, int i)
    {
        var removal = _slots[i].Range;
        var next = JsonMemberBounds.NextKey(source, removal.End);
        if (next >= 0)
        {
            _slots[i] = _slots[i] with { Range = new ByteRange(removal.Start, next - removal.Start) };
            return;
        }

        var first = i;
        while (first > 0 && _slots[first - 1].Kind == JsonEditKind.Remove && _slots[first - 1].Range.End == _slots[first].Range.Start)
            first--;
        var start = _slots[first].Range.Start;
        var comma = JsonMemberBounds.CommaBefore(source, start);
        if (comma >= 0)
            _slots[first] = _slots[first] with { Range = new ByteRange(comma, _slots[first].Range.End - comma) };
        else if (first > 0 && _slots[first - 1].Kind == JsonEditKind.InsertFirst && JsonWhitespace.Skip(source, _slots[first - 1].Range.Start) == start)
            _slots[first - 1] = _slots[first - 1] with { Comma = false };
    }

    /// <summary>An insertion goes before a removal that starts at the same place.</summary>
    private static bool IsBehind(ByteRange range, ByteRange added) =>
        range.Start > added.Start || (range.Start == added.Start && range.Length > 0 && added.Length == 0);

    private readonly bool IsSamePlace(int i) => i + 1 < _count && _slots[i + 1].Range.Start == _slots[i].Range.Start;

    [InlineArray(Capacity)]
    private struct Slots
    {
        private JsonEdit _first;
    }
}
