using System.Buffers.Text;
using System.Text;

namespace Cortex.Foundation.JsonRpc;

/// <summary>Notes where a stream of events stands: the id of its latest event, and the reconnection time it asks for. An id longer than 1 KiB is none.</summary>
internal sealed class SseCursor
{
    private const int MaxBytes = 1024;

    private HeldToken _line;
    private string? _id;
    private bool _isTooLong;

    /// <summary>Id of the latest whole event that bore one, or of one before it; null when none did.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>The reconnection time that the stream has set last.</summary>
    public TimeSpan? Retry { get; private set; }

    public void Take(SseToken token)
    {
        if (token.Kind == SseTokenKind.EndOfEvent)
            LastEventId = _id ?? LastEventId;
        else if (token.Field is not (SseField.Id or SseField.Retry))
            return;
        else if (token.Kind == SseTokenKind.Value)
            _isTooLong |= !_line.TryAppend(token.Bytes, MaxBytes);
        else
            EndLine(token.Field);
    }

    private void EndLine(SseField field)
    {
        var value = _line.Span;
        if (_isTooLong)
            _isTooLong = false;
        else if (field == SseField.Id && !value.Contains((byte)0))
            _id = Encoding.UTF8.GetString(value);
        else if (field == SseField.Retry && Utf8Parser.TryParse(value, out uint milliseconds, out var taken) && taken == value.Length)
            Retry = TimeSpan.FromMilliseconds(milliseconds);
        _line.Clear();
    }
}
