using Cortex.Catalog;
using Cortex.Catalog.Personal;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.Model;
using Cortex.Identity.Vault;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Tells open streams which lists of their caller changed: when a catalog did, shared or their own, and when they linked an account or took it back. Streams
/// of one person with the same scopes and the same lens see the same lists, so that one comparison of digests does for all of them. Thread-safe.
/// </summary>
internal sealed class ListChanges : IDisposable
{
    private readonly CatalogStore _catalog;
    private readonly PersonalCatalogs _personal;
    private readonly ToolsetDirectory _toolsets;
    private readonly GrantListeners _grants;
    private readonly Lock _gate = new();
    private readonly Dictionary<Viewer, Group> _groups = [];
    private readonly Dictionary<PersonId, HashSet<Viewer>> _viewers = [];

    public ListChanges(CatalogStore catalog, PersonalCatalogs personal, ToolsetDirectory toolsets, GrantListeners grants)
    {
        (_catalog, _personal, _toolsets, _grants) = (catalog, personal, toolsets, grants);
        catalog.Changed += Compare;
        personal.Changed += Compare;
        toolsets.Changed += Compare;
        grants.Changed += Tell;
    }

    /// <summary>The digests of what the caller sees now.</summary>
    public ListDigests DigestsFor(Caller caller, CatalogLens lens) => ViewFor(caller, lens).Digests;

    /// <summary>Tells <paramref name="pending"/> of every change until it leaves.</summary>
    public void Join(Caller caller, CatalogLens lens, PendingChanges pending)
    {
        var viewer = Viewer.Of(caller, lens);
        lock (_gate)
        {
            if (!_groups.TryGetValue(viewer, out var group))
                _groups[viewer] = group = new Group(caller, lens) { Seen = DigestsFor(caller, lens), Toolset = FindToolset(lens) };
            group.Members.Add(pending);
            if (lens.Toolset is not null && group.Toolset is null)
                pending.End(StreamEnd.ToolsetGone);
            if (viewer.Person is not { } person)
                return;
            if (!_viewers.TryGetValue(person, out var viewers))
                _viewers[person] = viewers = [];
            viewers.Add(viewer);
        }
    }

    public void Leave(Caller caller, CatalogLens lens, PendingChanges pending)
    {
        var viewer = Viewer.Of(caller, lens);
        lock (_gate)
        {
            if (!_groups.TryGetValue(viewer, out var group) || !group.Members.Remove(pending) || group.Members.Count > 0)
                return;
            _groups.Remove(viewer);
            if (viewer.Person is { } person && _viewers.TryGetValue(person, out var viewers) && viewers.Remove(viewer) && viewers.Count == 0)
                _viewers.Remove(person);
        }
    }

    public void Dispose()
    {
        _catalog.Changed -= Compare;
        _personal.Changed -= Compare;
        _toolsets.Changed -= Compare;
        _grants.Changed -= Tell;
    }

    private CatalogView ViewFor(Caller caller, CatalogLens lens) => _toolsets.Narrow(_personal.Peek(caller), lens).ViewFor(caller.Scopes);

    private Toolset? FindToolset(CatalogLens lens) => lens.Toolset is { } id ? _toolsets.Find(id) : null;

    /// <summary>Toolsets were configured anew: their streams hear of what that changed, also of a list that is written otherwise, and end where theirs is gone.</summary>
    private void Compare()
    {
        lock (_gate)
        {
            foreach (var group in _groups.Values.Where(group => group.Lens.Toolset is not null))
            {
                var before = group.Toolset;
                group.Toolset = FindToolset(group.Lens);
                Compare(group, null, CatalogLists.None);
                foreach (var pending in group.Members)
                {
                    if (group.Toolset is null)
                        pending.End(StreamEnd.ToolsetGone);
                    else if (before?.ListsAs(group.Toolset) == false)
                        pending.Add(CatalogLists.Tools);
                }
            }
        }
    }

    private void Compare(CatalogChange change)
    {
        lock (_gate)
        {
            foreach (var group in _groups.Values)
                Compare(group, change.Backend, change.Announced);
        }
    }

    private void Compare(PersonalChange change) =>
        EachOf(change.Person, group => Compare(group, change.Backend, change.Announced ? CatalogLists.All : CatalogLists.None));

    /// <summary>Those whose catalog of the backend is their own hear of it when it was read anew.</summary>
    private void Tell(GrantKey key, GrantChange change)
    {
        if (change is not GrantChange.NeedsRelink && _catalog.Personal.All(backend => backend.Id != key.Backend))
            EachOf(key.Person, group => Compare(group, key.Backend, CatalogLists.All));
    }

    private void EachOf(PersonId person, Action<Group> tell)
    {
        lock (_gate)
        {
            foreach (var viewer in _viewers.GetValueOrDefault(person) ?? [])
                tell(_groups[viewer]);
        }
    }

    private void Compare(Group group, BackendId? backend, CatalogLists announced)
    {
        var view = ViewFor(group.Caller, group.Lens);
        var changed = view.Digests.DifferenceTo(group.Seen);
        if (backend is { } known && announced != CatalogLists.None)
            changed |= view.ListsWith(known, announced);
        group.Seen = view.Digests;
        foreach (var pending in group.Members)
        {
            pending.Add(changed);
            if (pending.IsWatching)
                pending.Look(StreamLook.Catalog);
        }
    }

    /// <summary>Who sees the same: the person, with these effective scopes, through this lens; null for machines.</summary>
    private readonly record struct Viewer(PersonId? Person, ScopeSet Scopes, CatalogLens Lens)
    {
        public static Viewer Of(Caller caller, CatalogLens lens) => new(caller.Person?.Id, caller.Scopes, lens);
    }

    /// <summary>The streams that see the same.</summary>
    private sealed class Group(Caller caller, CatalogLens lens)
    {
        /// <summary>One of the callers, for all.</summary>
        public Caller Caller => caller;

        public CatalogLens Lens => lens;

        /// <summary>The toolset as it was last looked at; null for the whole catalog.</summary>
        public Toolset? Toolset { get; set; }

        public HashSet<PendingChanges> Members { get; } = [];

        /// <summary>What they were last told of.</summary>
        public ListDigests Seen { get; set; }
    }
}
