using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Tells open streams which lists of their caller changed. Streams whose callers have the same scopes see the same lists, so that one comparison of
/// digests does for all of them. Thread-safe.
/// </summary>
internal sealed class ListChanges : IDisposable
{
    private readonly CatalogStore _catalog;
    private readonly Lock _gate = new();
    private readonly Dictionary<ScopeSet, Group> _groups = [];

    public ListChanges(CatalogStore catalog)
    {
        _catalog = catalog;
        catalog.Changed += Compare;
    }

    /// <summary>The digests of what a caller with these scopes sees now.</summary>
    public ListDigests DigestsFor(ScopeSet scopes) => _catalog.Current.ViewFor(scopes).Digests;

    /// <summary>Tells <paramref name="pending"/> of every change until it leaves.</summary>
    public void Join(ScopeSet scopes, PendingChanges pending)
    {
        lock (_gate)
        {
            if (!_groups.TryGetValue(scopes, out var group))
                _groups[scopes] = group = new Group { Seen = DigestsFor(scopes) };
            group.Members.Add(pending);
        }
    }

    public void Leave(ScopeSet scopes, PendingChanges pending)
    {
        lock (_gate)
        {
            if (_groups.TryGetValue(scopes, out var group) && group.Members.Remove(pending) && group.Members.Count == 0)
                _groups.Remove(scopes);
        }
    }

    public void Dispose() => _catalog.Changed -= Compare;

    private void Compare(CatalogChange change)
    {
        lock (_gate)
        {
            foreach (var (scopes, group) in _groups)
            {
                var view = _catalog.Current.ViewFor(scopes);
                var changed = view.Digests.DifferenceTo(group.Seen);
                if (change.Backend is { } backend && change.Announced != CatalogLists.None)
                    changed |= view.ListsWith(backend, change.Announced);
                group.Seen = view.Digests;
                foreach (var pending in group.Members)
                {
                    pending.Add(changed);
                    if (pending.IsWatching)
                        pending.Look(StreamLook.Catalog);
                }
            }
        }
    }

    /// <summary>The streams of callers with the same scopes.</summary>
    private sealed class Group
    {
        public HashSet<PendingChanges> Members { get; } = [];

        /// <summary>What they were last told of.</summary>
        public ListDigests Seen { get; set; }
    }
}
