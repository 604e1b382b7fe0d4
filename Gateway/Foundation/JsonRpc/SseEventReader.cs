namespace Cortex.Foundation.JsonRpc;

/// <summary>Reads whole events of a <c>text/event-stream</c> that arrives in chunks of any size. Use it as <see cref="SseRewriter"/>. Not thread-safe.</summary>
/// <param name="maxEventBytes">Most bytes of data, type and id together that one event may have.</param>
internal sealed class SseEventReader(int maxEventBytes) : IDisposable
{
    private readonly int _maxEventBytes = maxEventBytes;

    /// <summary>Type of the event that has just ended; empty means <c>message</c>. Valid until the next read.</summary>
    public ReadOnlySpan<byte> EventType => throw new NotImplementedException();

    /// <summary>The last event id that the stream has set, empty when none. Valid until the next read.</summary>
    public ReadOnlySpan<byte> LastEventId => throw new NotImplementedException();

    /// <summary>Data of the event that has just ended, its lines joined by LF. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Data => throw new NotImplementedException();

    /// <summary>The reconnection time that the stream has set last.</summary>
    public TimeSpan? Retry => throw new NotImplementedException();

    public JsonRpcFault Fault => throw new NotImplementedException();

    /// <summary>Takes bytes up to the end of one event at most.</summary>
    public SseProgress Read(ReadOnlySpan<byte> input, out int consumed) => throw new NotImplementedException();

    public void Dispose() => _ = _maxEventBytes;
}
