using System.Buffers;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp.Batches;

/// <summary>
/// Where the reply to one element of a batch is written to. Of a JSON reply it keeps the whole, of a stream of events the last JSON-RPC response;
/// what the stream holds besides is dropped as it passes.
/// </summary>
/// <param name="headers">Headers of the reply, which say what it is once its first byte comes.</param>
internal sealed class ElementReply(IHeaderDictionary headers) : Stream
{
    /// <summary>The forwarder has judged the nesting of the reply already.</summary>
    private const int MaxReplyDepth = 512;

    private readonly PooledBuffer _answer = new();
    private SseEventReader? _events;
    private bool _hasBegun;

    /// <summary>Most bytes that the answer may have; null where the gateway writes it itself, out of what is bounded already.</summary>
    public Func<int?> Limit { get; set; } = () => null;

    /// <summary>True when the answer is longer, and is dropped.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The JSON-RPC response; empty when there was none. Valid until the next write.</summary>
    public ReadOnlyMemory<byte> Answer => IsTooLong ? default : _answer.WrittenMemory;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!_hasBegun)
            Begin();
        if (IsTooLong)
            return;
        if (_events is not null)
            ReadEvents(buffer);
        else if (!(IsTooLong = buffer.Length > (Limit() ?? int.MaxValue) - _answer.Length))
            _answer.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _answer.Dispose();
            _events?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Begin()
    {
        _hasBegun = true;
        if (headers.ContentType.ToString().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase))
            _events = new SseEventReader(Limit() ?? int.MaxValue);
    }

    private void ReadEvents(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !IsTooLong)
        {
            var progress = _events!.Read(bytes, out var consumed);
            bytes = bytes[consumed..];
            IsTooLong = progress == SseProgress.Faulted;
            if (progress != SseProgress.EventEnded || !IsResponse(_events.Data.Span))
                continue;
            _answer.Clear();
            _answer.Write(_events.Data.Span);
        }
    }

    private static bool IsResponse(ReadOnlySpan<byte> message) =>
        JsonRpcReader.TryRead(message, MemberSet.Empty, MaxReplyDepth, out var envelope).IsNone && envelope.Kind == JsonRpcKind.Response;
}
