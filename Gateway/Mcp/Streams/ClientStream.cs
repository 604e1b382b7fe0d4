using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Streams;

/// <summary>A stream of notifications that a client holds open, in the form of its era: what it follows and how it speaks.</summary>
internal abstract class ClientStream(Caller caller, RequestLens lens, CatalogLists lists) : IAsyncDisposable
{
    public Caller Caller => caller;

    /// <summary>Through what it looks at the catalog.</summary>
    public RequestLens Lens => lens;

    /// <summary>The lists whose changes the client hears of.</summary>
    public CatalogLists Lists => lists;

    public PendingChanges Pending { get; } = new();

    /// <summary>Looks at what the stream depends on and follows it; called once with everything before the stream opens.</summary>
    public abstract ValueTask LookAsync(StreamLook look, ResourceWatches watches, CancellationToken cancellationToken);

    /// <summary>Writes what opens the stream.</summary>
    public abstract void WriteOpening(PooledBuffer output);

    /// <summary>Writes that one list changed.</summary>
    public abstract void WriteChange(PooledBuffer output, CatalogLists list);

    /// <summary>Writes that a resource was updated.</summary>
    public abstract void WriteUpdate(PooledBuffer output, string uri);

    /// <summary>Writes that what an elicitation asked for is done; nothing in an era that does not tell of it.</summary>
    public abstract void WriteElicited(PooledBuffer output, string id);

    /// <summary>Writes what ends the stream, ahead of the last comment.</summary>
    public abstract void WriteEnd(PooledBuffer output);

    public abstract ValueTask DisposeAsync();

    /// <summary>The method that tells of a change of <paramref name="list"/>.</summary>
    protected static ReadOnlySpan<byte> MethodOf(CatalogLists list) => list switch
    {
        CatalogLists.Tools => "notifications/tools/list_changed"u8,
        CatalogLists.Prompts => "notifications/prompts/list_changed"u8,
        _ => "notifications/resources/list_changed"u8,
    };
}
