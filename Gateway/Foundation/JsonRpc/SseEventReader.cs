using System.Buffers;
using System.Buffers.Text;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Reads whole events of a <c>text/event-stream</c> that arrives in chunks of any size. Use:
/// <c>while (input is not empty) { progress = Read(input, out consumed); ...; input = input[consumed..]; }</c>. An event that the end of
/// the stream cuts off is no event. Not thread-safe.
/// </summary>
/// <param name="maxEventBytes">Most bytes of data, type and id together that one event may have.</param>
internal sealed class SseEventReader(int maxEventBytes) : IDisposable
{
    private readonly PooledBuffer _data = new(1024);
    private readonly ArrayBufferWriter<byte> _line = new(64);
    private SseScanner _scanner;
    private byte[] _type = [];
    private byte[] _id = [];
    private byte[] _lastId = [];
    private long _taken;
    private bool _isAfterEvent;

    /// <summary>Type of the event that has just ended; empty means <c>message</c>. Valid until the next read.</summary>
    public ReadOnlySpan<byte> EventType => _type;

    /// <summary>The last event id that the stream has set, empty when none.</summary>
    public ReadOnlySpan<byte> LastEventId => _lastId;

    /// <summary>Data of the event that has just ended, its lines joined by LF; may be empty. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Data => _data.Length == 0 ? default : _data.WrittenMemory[..^1];

    /// <summary>The reconnection time that the stream has set last.</summary>
    public TimeSpan? Retry { get; private set; }

    public JsonRpcFault Fault { get; private set; }

    /// <summary>Takes bytes up to the end of one event at most. An event without a data line is none.</summary>
    public SseProgress Read(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        if (_isAfterEvent)
            ForgetEvent();
        while (Fault.IsNone)
        {
            var token = _scanner.Next(input, ref consumed);
            if (token.Kind == SseTokenKind.None)
                break;
            Take(token, consumed);
            if (token.Kind == SseTokenKind.EndOfEvent && EndEvent())
                break;
        }

        _taken += consumed;
        if (!Fault.IsNone)
            return SseProgress.Faulted;
        return _isAfterEvent ? SseProgress.EventEnded : SseProgress.NeedMore;
    }

    public void Dispose() => _data.Dispose();

    private void Take(SseToken token, int consumed)
    {
        if (token.Field is SseField.Comment or SseField.Unknown)
            return;
        if (token.Bytes.Length > maxEventBytes - _data.Length - _line.WrittenCount - _type.Length - _id.Length)
            Fault = new JsonRpcFault(JsonRpcFaultKind.EventTooLong, _taken + consumed);
        else if (token.Kind == SseTokenKind.EndOfLine)
            EndLine(token.Field);
        else if (token.Field == SseField.Data)
            _data.Write(token.Bytes);
        else
            _line.Write(token.Bytes);
    }

    private void EndLine(SseField field)
    {
        var value = _line.WrittenSpan;
        switch (field)
        {
            case SseField.Data:
                _data.Write("\n"u8);
                break;
            case SseField.Event:
                _type = value.ToArray();
                break;
            case SseField.Id when !value.Contains((byte)0):
                _id = value.ToArray();
                break;
            case SseField.Retry when Utf8Parser.TryParse(value, out uint milliseconds, out var taken) && taken == value.Length:
                Retry = TimeSpan.FromMilliseconds(milliseconds);
                break;
        }

        _line.ResetWrittenCount();
    }

    private bool EndEvent()
    {
        _lastId = _id;
        _isAfterEvent = _data.Length > 0;
        if (!_isAfterEvent)
            ForgetEvent();
        return _isAfterEvent;
    }

    private void ForgetEvent()
    {
        _data.Clear();
        _type = [];
        _isAfterEvent = false;
    }
}
