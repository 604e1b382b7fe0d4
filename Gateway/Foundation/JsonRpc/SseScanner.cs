using System.Runtime.CompilerServices;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Takes an event stream apart into fields, in chunks of any size, holding 6 bytes at most. Lines end with LF, CRLF or CR; a byte order
/// mark at the start and one space behind the colon are left out.
/// </summary>
internal struct SseScanner
{
    private const int LongestName = 5;

    private Place _place;
    private Name _name;
    private int _nameLength;
    private int _markLength;
    private bool _skipsLineFeed;
    private SseField _field;

    private enum Place : byte
    {
        Mark,
        LineStart,
        Name,
        Colon,
        Value,
    }

    /// <summary>The next find in <paramref name="input"/> from <paramref name="at"/> on, which moves behind it.</summary>
    public SseToken Next(ReadOnlySpan<byte> input, ref int at)
    {
        while (at < input.Length)
        {
            if (SkipsLineFeed(input, ref at))
                continue;
            var token = _place switch
            {
                Place.Mark => TakeMark(input, ref at),
                Place.LineStart => StartLine(input, ref at),
                Place.Name => TakeName(input, ref at),
                Place.Colon => TakeSpace(input, ref at),
                _ => TakeValue(input, ref at),
            };
            if (token.Kind != SseTokenKind.None)
                return token;
        }

        return default;
    }

    private bool SkipsLineFeed(ReadOnlySpan<byte> input, ref int at)
    {
        var skips = _skipsLineFeed && input[at] == '\n';
        _skipsLineFeed = false;
        at += skips ? 1 : 0;
        return skips;
    }

    private SseToken TakeMark(ReadOnlySpan<byte> input, ref int at)
    {
        var mark = "\uFEFF"u8;
        if (input[at] == mark[_markLength])
        {
            at++;
            _markLength++;
            _place = _markLength == mark.Length ? Place.LineStart : Place.Mark;
            return default;
        }

        // The start of a mark and then something else is the start of a field that nobody knows.
        _nameLength = _markLength > 0 ? LongestName + 1 : 0;
        _place = _markLength > 0 ? Place.Name : Place.LineStart;
        return default;
    }

    private SseToken StartLine(ReadOnlySpan<byte> input, ref int at)
    {
        _nameLength = 0;
        if (IsLineEnd(input[at]))
        {
            EndLine(input, ref at);
            return new SseToken(SseTokenKind.EndOfEvent);
        }

        _place = Place.Name;
        if (input[at] != ':')
            return default;
        at++;
        _field = SseField.Comment;
        _place = Place.Colon;
        return default;
    }

    private SseToken TakeName(ReadOnlySpan<byte> input, ref int at)
    {
        var end = input[at..].IndexOfAny(":\r\n"u8);
        foreach (var value in end < 0 ? input[at..] : input.Slice(at, end))
        {
            if (_nameLength <= LongestName)
                _name[_nameLength++] = value;
        }

        at = end < 0 ? input.Length : at + end;
        if (end < 0)
            return default;
        _field = Recognise(((ReadOnlySpan<byte>)_name)[.._nameLength]);
        if (input[at] == ':')
        {
            at++;
            _place = Place.Colon;
            return default;
        }

        EndLine(input, ref at);
        return new SseToken(SseTokenKind.EndOfLine, _field);
    }

    private SseToken TakeSpace(ReadOnlySpan<byte> input, ref int at)
    {
        if (input[at] == ' ')
            at++;
        _place = Place.Value;
        return default;
    }

    private SseToken TakeValue(ReadOnlySpan<byte> input, ref int at)
    {
        var length = input[at..].IndexOfAny((byte)'\r', (byte)'\n');
        if (length == 0)
        {
            EndLine(input, ref at);
            return new SseToken(SseTokenKind.EndOfLine, _field);
        }

        var value = length < 0 ? input[at..] : input.Slice(at, length);
        at += value.Length;
        return new SseToken(SseTokenKind.Value, _field, value);
    }

    private void EndLine(ReadOnlySpan<byte> input, ref int at)
    {
        _skipsLineFeed = input[at] == '\r';
        at++;
        _place = Place.LineStart;
    }

    private static SseField Recognise(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("data"u8))
            return SseField.Data;
        if (name.SequenceEqual("event"u8))
            return SseField.Event;
        if (name.SequenceEqual("id"u8))
            return SseField.Id;
        return name.SequenceEqual("retry"u8) ? SseField.Retry : SseField.Unknown;
    }

    private static bool IsLineEnd(byte value) => value is (byte)'\r' or (byte)'\n';

    [InlineArray(LongestName + 1)]
    private struct Name
    {
        private byte _first;
    }
}
