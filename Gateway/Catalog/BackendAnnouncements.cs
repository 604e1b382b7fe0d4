using System.Threading.Channels;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Sessions.Upstream;

namespace Cortex.Catalog;

/// <summary>
/// Listens to a native server for changes of its lists, as the gateway itself, and passes them to the backend's refresh. Listens as long as the
/// server's catalog says that it announces some; a server that then refuses is asked again when its catalog has changed. Never touches readiness.
/// </summary>
internal sealed class BackendAnnouncements(BackendDefinition backend, UpstreamListener listener, CatalogCredentials credentials)
{
    private readonly Channel<Offer> _offers = Channel.CreateBounded<Offer>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Takes note of the backend's catalog as it was just read.</summary>
    public void Follow(BackendCatalog catalog)
    {
        if (catalog.Speech is { Version: var version })
            _offers.Writer.TryWrite(new Offer(version, catalog.Announces, ContentOf(catalog)));
    }

    /// <summary>Listens until cancelled, and tells <paramref name="refresh"/>.</summary>
    public async Task RunAsync(BackendRefresh refresh, CancellationToken cancellationToken)
    {
        var offer = await _offers.Reader.ReadAsync(cancellationToken);
        while (true)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var listening = ListenAsync(offer, refresh, stop.Token);
            try
            {
                offer = await NextAsync(offer, listening, cancellationToken);
            }
            finally
            {
                await stop.CancelAsync();
                await listening;
            }
        }
    }

    /// <summary>Waits for an offer that asks for another way of listening.</summary>
    private async Task<Offer> NextAsync(Offer offer, Task listening, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = await _offers.Reader.ReadAsync(cancellationToken);
            if (next.Version != offer.Version || next.Announces != offer.Announces || (listening.IsCompleted && next.Content != offer.Content))
                return next;
        }
    }

    private Task ListenAsync(Offer offer, BackendRefresh refresh, CancellationToken cancellationToken)
    {
        if (offer.Announces == CatalogLists.None)
            return Task.CompletedTask;
        var topics = new UpstreamTopics(
            offer.Announces.HasFlag(CatalogLists.Tools), offer.Announces.HasFlag(CatalogLists.Prompts), offer.Announces.HasFlag(CatalogLists.Resources), []);
        return listener.ListenAsync(
            new UpstreamListening(backend, offer.Version, topics, CredentialAsync),
            notice => Tell(refresh, notice),
            cancellationToken);
    }

    private async ValueTask<CredentialResult> CredentialAsync(CancellationToken cancellationToken) =>
        await credentials.ForSharedAsync(backend, cancellationToken) switch
        {
            CatalogCredential.Granted granted => granted.Credential,
            CatalogCredential.NotLinked notLinked => new CredentialResult.Refused(notLinked.Reason),
            CatalogCredential.Refused refused => new CredentialResult.Refused(refused.Reason),
            _ => throw new InvalidOperationException("Looking for a credential ended in no known way."),
        };

    private static void Tell(BackendRefresh refresh, UpstreamNotice notice)
    {
        switch (notice.Kind)
        {
            case UpstreamNoticeKind.ToolsChanged or UpstreamNoticeKind.PromptsChanged or UpstreamNoticeKind.ResourcesChanged:
                refresh.Announce();
                break;
            case UpstreamNoticeKind.ListeningAgain:
                refresh.Wake();
                break;
        }
    }

    private static int ContentOf(BackendCatalog catalog)
    {
        var hash = default(HashCode);
        foreach (var item in catalog.Items)
            hash.AddBytes(item.Json);
        return hash.ToHashCode();
    }

    /// <summary>What the last catalog said.</summary>
    private sealed record Offer(ProtocolVersion Version, CatalogLists Announces, int Content);
}
