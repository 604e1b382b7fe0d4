using System.Buffers;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Streams;

/// <summary>The modern stream: the answer to <c>subscriptions/listen</c>, every message of which bears the id of that request.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions"/></remarks>
internal sealed class ListenStream(Caller caller, RequestLens lens, ReadOnlyMemory<byte> requestId, ListenFilter accepted, ListChanges changes, EraWire wire)
    : ClientStream(caller, lens, accepted.Lists)
{
    private bool _hasJoined;

    public override ValueTask LookAsync(StreamLook look, ResourceWatches watches, CancellationToken cancellationToken)
    {
        if (!_hasJoined)
        {
            changes.Join(Caller, Lens.ForLists, Pending);
            _hasJoined = true;
        }

        watches.Follow(accepted.Uris);
        return ValueTask.CompletedTask;
    }

    public override void WriteOpening(PooledBuffer output)
    {
        WriteStart(output, "notifications/subscriptions/acknowledged"u8);
        output.Write(",\"notifications\":"u8);
        accepted.Write(output);
        WriteEndOfEvent(output);
    }

    public override void WriteChange(PooledBuffer output, CatalogLists list)
    {
        WriteStart(output, MethodOf(list));
        WriteEndOfEvent(output);
    }

    public override void WriteElicited(PooledBuffer output, string id)
    {
    }

    public override void WriteUpdate(PooledBuffer output, string uri)
    {
        WriteStart(output, "notifications/resources/updated"u8);
        output.Write(",\"uri\":"u8);
        JsonText.WriteString(output, uri);
        WriteEndOfEvent(output);
    }

    /// <summary>The answer itself: the subscription ends by the gateway's will, and not by an accident.</summary>
    public override void WriteEnd(PooledBuffer output)
    {
        output.Write("event: message\ndata: "u8);
        wire.WriteResult(output, Era.Modern, requestId.Span, new ResultContent(ReadOnlyMemory<byte>.Empty, SubscriptionMeta()), Lens.Toolset);
        output.Write("\n\n"u8);
    }

    public override ValueTask DisposeAsync()
    {
        changes.Leave(Caller, Lens.ForLists, Pending);
        return ValueTask.CompletedTask;
    }

    private byte[] SubscriptionMeta() => [.. "\"io.modelcontextprotocol/subscriptionId\":"u8, .. requestId.Span];

    private void WriteStart(PooledBuffer output, ReadOnlySpan<byte> method)
    {
        output.Write("event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\""u8);
        output.Write(method);
        output.Write("\",\"params\":{\"_meta\":{"u8);
        output.Write(SubscriptionMeta());
        output.Write("}"u8);
    }

    private static void WriteEndOfEvent(PooledBuffer output) => output.Write("}}\n\n"u8);
}
