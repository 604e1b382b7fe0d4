using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Streams;

/// <summary>
/// The watches of one client's stream: one for each backend that answers for a resource it subscribed to, as the caller. What the caller may not read, and
/// what no backend can tell of, is not watched. A failing backend never ends the stream. Used by the stream's own loop alone.
/// </summary>
internal sealed class ResourceWatches(
    Func<CatalogSnapshot> catalog, UpstreamListener listener, CredentialResolver credentials, HttpContext http, Caller caller, PendingChanges pending, TimeProvider time)
    : IAsyncDisposable
{
    private readonly Dictionary<BackendId, BackendWatch> _running = [];
    private readonly List<Task> _leaving = [];

    /// <summary>True when the caller may subscribe to the resource, and its backend tells of updates.</summary>
    public static bool CanWatch(CatalogSnapshot catalog, Caller caller, string uri) =>
        catalog.FindResource(uri) is { } item && item.IsFor(caller.Scopes) && catalog.SpeechOf(item.Backend.Id) is { Subscribes: true };

    /// <summary>Watches these resources, by their public URIs, and no others.</summary>
    public void Follow(IReadOnlyList<string> uris)
    {
        pending.IsWatching = uris.Count > 0;
        _leaving.RemoveAll(task => task.IsCompleted);
        var snapshot = catalog();
        var wanted = uris
            .Where(uri => CanWatch(snapshot, caller, uri))
            .Select(uri => (Item: snapshot.FindResource(uri)!, Uri: uri))
            .GroupBy(pair => pair.Item.Backend.Id)
            .ToDictionary(group => group.Key, group => group.ToList());
        foreach (var (backend, watch) in _running.Where(entry => !wanted.ContainsKey(entry.Key)).ToList())
        {
            watch.Stop();
            _leaving.Add(watch.Ended);
            _running.Remove(backend);
        }

        foreach (var (id, items) in wanted)
            Watch(id, items, snapshot.SpeechOf(id)!.Version);
    }

    public async ValueTask DisposeAsync()
    {
        Follow([]);
        await Task.WhenAll(_leaving);
    }

    private void Watch(BackendId id, List<(CatalogItem Item, string Uri)> items, ProtocolVersion version)
    {
        var backend = items[0].Item.Backend;
        WatchedResource[] resources = [.. items.Select(pair => WatchedResource.Of(pair.Item, pair.Uri))];
        var topics = new UpstreamTopics(Tools: false, Prompts: false, Resources: false, [.. resources.Select(resource => resource.Original).Distinct()]);
        var wish = new UpstreamListening(backend, version, topics, ending => credentials.ResolveAsync(caller, backend, http, ending))
        {
            Replace = (rejected, refusal, ending) => credentials.ReplaceAsync(caller, backend, rejected, refusal, http, ending),
        };
        if (_running.TryGetValue(id, out var running) && running.Covers(wish))
            return;
        _running[id] = BackendWatch.Start(listener, wish, resources, running, pending.Add, time);
    }
}
