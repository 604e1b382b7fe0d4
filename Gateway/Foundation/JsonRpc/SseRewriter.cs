using System.Buffers;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Rewrites a <c>text/event-stream</c> whose events each carry one JSON text, in chunks of any size and in bounded memory. Use:
/// <c>while (input is not empty) { progress = Read(input, output, out consumed); ...; input = input[consumed..]; }</c>, then <see cref="Complete"/>.
/// Comments and <c>event</c> fields stay; <c>id</c> and <c>retry</c> go, unless kept, and so does an event without data. Each event is
/// written with LF, and its data on one line unless a comment stood within. Flush the output when an event ended. Not thread-safe.
/// </summary>
/// <param name="keepIds">Passes <c>id</c> and <c>retry</c> on, also in events without data.</param>
/// <param name="maps">The functions for the rules' maps, the same for all events.</param>
/// <param name="slots">The values for the rules' slots, the same for all events.</param>
internal sealed class SseRewriter(JsonRewriteRules rules, bool keepIds, IReadOnlyList<JsonScalarMap> maps, params ReadOnlyMemory<byte>[] slots) : IDisposable
{
    private readonly SsePendingFields _fields = new();
    private SseScanner _scanner;
    private long _taken;
    private bool _isAfterEvent;
    private bool _isCommentOpen;
    private bool _isDataLineOpen;
    private bool _hasDataLine;
    private bool _joinsLines;

    /// <summary>For rules without maps.</summary>
    public SseRewriter(JsonRewriteRules rules, bool keepIds, params ReadOnlyMemory<byte>[] slots)
        : this(rules, keepIds, [], slots)
    {
    }

    /// <summary>What was seen in the event that is being read or has just ended: captures, members. The next read starts it anew.</summary>
    public JsonStreamRewriter Message { get; } = new(rules, maps, slots);

    public JsonRpcFault Fault { get; private set; }

    /// <summary>True while a part of an event is written and its end is not: nothing else can be put into the output then.</summary>
    public bool HasOpenEvent { get; private set; }

    /// <summary>Takes bytes up to the end of one event at most, and writes what they become.</summary>
    public SseProgress Read(ReadOnlySpan<byte> input, IBufferWriter<byte> output, out int consumed)
    {
        consumed = 0;
        if (_isAfterEvent)
            ForgetEvent();
        while (Fault.IsNone)
        {
            var token = _scanner.Next(input, ref consumed);
            if (token.Kind == SseTokenKind.None)
                break;
            Take(token, output);
            if (_isAfterEvent && Fault.IsNone)
            {
                _taken += consumed;
                return SseProgress.EventEnded;
            }
        }

        _taken += consumed;
        return Fault.IsNone ? SseProgress.NeedMore : SseProgress.Faulted;
    }

    /// <summary>Ends the stream. An event without its blank line is dropped if nothing of it was written, else a fault.</summary>
    public JsonRpcFault Complete(IBufferWriter<byte> output)
    {
        CloseComment(output);
        if (HasOpenEvent)
            Refuse(JsonRpcFaultKind.Incomplete);
        return Fault;
    }

    public void Dispose() => _fields.Dispose();

    private void Take(SseToken token, IBufferWriter<byte> output)
    {
        switch (token.Kind, token.Field)
        {
            case (SseTokenKind.EndOfEvent, _):
                EndEvent(output);
                break;
            case (SseTokenKind.Value, SseField.Comment):
                WriteComment(token.Bytes, output);
                break;
            case (SseTokenKind.EndOfLine, SseField.Comment):
                WriteComment(default, output);
                CloseComment(output);
                break;
            case (SseTokenKind.Value, SseField.Data):
                WriteData(token.Bytes, output);
                break;
            case (SseTokenKind.EndOfLine, SseField.Data):
                _hasDataLine = _joinsLines = true;
                break;
            case (_, SseField.Event):
            case (_, SseField.Id or SseField.Retry) when keepIds:
                if (!(token.Kind == SseTokenKind.Value ? _fields.TryAppend(token.Field, token.Bytes) : _fields.TryEndLine(token.Field)))
                    Refuse(JsonRpcFaultKind.EventTooLong);
                break;
        }
    }

    /// <summary>Data lines are joined by a line feed. That is white space to JSON, so a space does, and no token may be open across it.</summary>
    private void WriteData(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (!HasOpenEvent)
        {
            bytes = bytes[JsonWhitespace.Skip(bytes, 0)..];
            if (bytes.IsEmpty)
                return;
            output.Write(_fields.Lines);
            _fields.Clear();
        }
        else if (_joinsLines && Message.IsInString)
        {
            Refuse(JsonRpcFaultKind.InvalidJson);
            return;
        }

        if (!_isDataLineOpen)
            output.Write("data: "u8);
        if (HasOpenEvent && _joinsLines)
            Message.Write(" "u8, output);
        HasOpenEvent = _isDataLineOpen = true;
        _joinsLines = false;
        if (Message.Write(bytes, output) is { IsNone: false } fault)
            Refuse(fault.Kind);
    }

    private void WriteComment(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        CloseDataLine(output);
        if (!_isCommentOpen)
            output.Write(": "u8);
        _isCommentOpen = true;
        output.Write(bytes);
    }

    private void EndEvent(IBufferWriter<byte> output)
    {
        var isKept = HasOpenEvent || (keepIds && (_hasDataLine || !_fields.Lines.IsEmpty));
        if (HasOpenEvent && Message.Complete() is { IsNone: false } fault)
        {
            Refuse(fault.Kind);
            return;
        }

        CloseDataLine(output);
        if (isKept)
        {
            output.Write(_fields.Lines);
            output.Write(!HasOpenEvent && _hasDataLine ? "data: \n\n"u8 : "\n"u8);
        }

        HasOpenEvent = false;
        _isAfterEvent = isKept;
        if (!isKept)
            ForgetEvent();
    }

    private void ForgetEvent()
    {
        Message.Reset();
        _fields.Clear();
        _isAfterEvent = _hasDataLine = _joinsLines = false;
    }

    private void CloseDataLine(IBufferWriter<byte> output)
    {
        if (_isDataLineOpen)
            output.Write("\n"u8);
        _isDataLineOpen = false;
    }

    private void CloseComment(IBufferWriter<byte> output)
    {
        if (_isCommentOpen)
            output.Write("\n"u8);
        _isCommentOpen = false;
    }

    private void Refuse(JsonRpcFaultKind kind)
    {
        if (Fault.IsNone)
            Fault = new JsonRpcFault(kind, _taken);
    }
}
