using System.Buffers;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// Rewrites a <c>text/event-stream</c> whose events each carry one JSON text, in chunks of any size and in bounded memory. Use:
/// <c>while (input is not empty) { progress = Read(input, output, out consumed); ...; input = input[consumed..]; }</c>, then <see cref="Complete"/>.
/// Comments and <c>event</c> fields stay; <c>id</c> and <c>retry</c> go unless <paramref name="keepIds"/>. Each event is
/// written with one <c>data</c> line. Flush the output when an event ended. Not thread-safe.
/// </summary>
/// <param name="keepIds">Passes <c>id</c> and <c>retry</c> on.</param>
internal sealed class SseRewriter(JsonRewriteRules rules, bool keepIds, params ReadOnlyMemory<byte>[] slots)
{
    private readonly JsonStreamRewriter _message = new(rules, slots);
    private readonly bool _keepIds = keepIds;

    /// <summary>What was seen in the event that is being read or has just ended: captures, members.</summary>
    public JsonStreamRewriter Message => _message;

    public JsonRpcFault Fault => throw new NotImplementedException();

    /// <summary>Takes bytes up to the end of one event at most, and writes what they become.</summary>
    public SseProgress Read(ReadOnlySpan<byte> input, IBufferWriter<byte> output, out int consumed) => throw new NotImplementedException();

    /// <summary>Ends the stream. An event without its blank line is dropped if nothing of it was written, else a fault.</summary>
    public JsonRpcFault Complete() => throw new NotImplementedException();
}
