using Cortex.Backends;
using Cortex.Catalog.Names;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Microsoft.Extensions.Options;

namespace Cortex.Catalog;

/// <summary>
/// Holds the last good catalog of each backend and the snapshot merged from them. Thread-safe; readers see whole snapshots only.
/// </summary>
internal sealed partial class CatalogStore(KnownScopes knownScopes, IOptionsMonitor<GatewayOptions> gateway, ILogger<CatalogStore> logger)
{
    private readonly Lock _gate = new();
    private Dictionary<BackendId, (BackendDefinition Backend, BackendCatalog Catalog)> _backends = [];
    private HashSet<(BackendId Backend, string Fault)> _faults = [];
    private volatile HashSet<BackendId>? _configured;
    private bool _keepsNames;
    private volatile NameBook _names = NameBook.Empty;
    private volatile CatalogSnapshot _current = CatalogSnapshot.Empty;
    private volatile IReadOnlyList<BackendDefinition> _personal = [];

    /// <summary>Raised after <see cref="Current"/> was swapped. Handlers must not block.</summary>
    public event Action<CatalogChange>? Changed;

    /// <summary>What all share.</summary>
    public CatalogSnapshot Current => _current;

    /// <summary>The backends of which each person has a catalog of their own; none of them is in <see cref="Current"/>.</summary>
    public IReadOnlyList<BackendDefinition> Personal => _personal;

    /// <summary>Which public name is whose.</summary>
    public NameBook Names => _names;

    /// <summary>
    /// From now on whoever has a name keeps it. Until then, while backends are read for the first time, names that are not on record are given in the
    /// order of the backends, so that a fresh gateway gives the same ones whichever backend is the quickest.
    /// </summary>
    public void KeepNames()
    {
        lock (_gate)
            _keepsNames = true;
        Update(static _ => { });
    }

    /// <summary>True unless the configuration is known to have no such backend.</summary>
    public bool IsConfigured(BackendId backend) => _configured?.Contains(backend) != false;

    /// <summary>Takes over names as they are on record.</summary>
    public void Adopt(NameBook names)
    {
        lock (_gate)
            _names = names.Over(_names);
        Update(static _ => { });
    }

    /// <summary>Takes a backend's fresh catalog.</summary>
    /// <param name="announced">Lists that are to be told of as changed, whether they differ or not.</param>
    public void Put(BackendDefinition backend, BackendCatalog catalog, CatalogLists announced = CatalogLists.None) =>
        Update(backends => backends[backend.Id] = (backend, catalog), new CatalogChange(backend.Id, announced));

    /// <summary>Takes a catalog in the place of <paramref name="present"/>, unless another took it already.</summary>
    public void Replace(BackendDefinition backend, BackendCatalog present, BackendCatalog next) => Update(
        backends =>
        {
            if (backends.TryGetValue(backend.Id, out var entry) && ReferenceEquals(entry.Catalog, present))
                backends[backend.Id] = (entry.Backend, next);
        },
        new CatalogChange(backend.Id, CatalogLists.None));

    /// <summary>Every backend with its last good catalog.</summary>
    public IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> All
    {
        get
        {
            lock (_gate)
                return [.. _backends.Values];
        }
    }

    /// <summary>Forgets a backend: it was removed, or its last good catalog is too old.</summary>
    public void Remove(BackendId backend) => Update(backends => backends.Remove(backend));

    /// <summary>Takes over changed options and forgets backends that are no longer configured, that now speak another kind, or whose catalogs are now persons' own.</summary>
    public void Follow(BackendSnapshot snapshot) => Update(backends =>
    {
        _personal = [.. snapshot.All.Where(backend => backend.IsPersonal)];
        _configured = [.. snapshot.All.Select(backend => backend.Id)];
        foreach (var (id, entry) in backends.ToArray())
        {
            if (snapshot.Find(id) is { IsPersonal: false } backend && backend.Kind == entry.Backend.Kind)
                backends[id] = (backend, entry.Catalog);
            else if (!entry.Backend.IsGateway)
                backends.Remove(id);
        }
    });

    /// <summary>When the backend's catalog was last read; null when there is none.</summary>
    public DateTimeOffset? FetchedAt(BackendId backend) => Find(backend)?.FetchedAt;

    private BackendCatalog? Find(BackendId backend)
    {
        lock (_gate)
            return _backends.TryGetValue(backend, out var entry) ? entry.Catalog : null;
    }

    /// <summary>
    /// Merges the gateway's own items first, then backends without a prefix, which only the main file may have.
    /// Changes a copy, so that a catalog which can't be merged leaves those of all others as they are.
    /// </summary>
    private void Update(Action<Dictionary<BackendId, (BackendDefinition Backend, BackendCatalog Catalog)>> change, CatalogChange why = default)
    {
        lock (_gate)
        {
            var next = new Dictionary<BackendId, (BackendDefinition Backend, BackendCatalog Catalog)>(_backends);
            change(next);
            var merged = CatalogMerge.Merge(
                [.. next.Values.OrderBy(entry => !entry.Backend.IsGateway).ThenBy(entry => entry.Backend.Prefix.Length > 0).ThenBy(entry => entry.Backend.Id.Value, StringComparer.Ordinal)],
                new NameChoice(_names, NameForm.MaxLength - gateway.CurrentValue.NameBudget, IsConfigured));
            LogNewFaults(merged.Faults);
            knownScopes.Publish(next.Values
                .Select(entry => (entry.Backend.Id, Scopes: ScopeSet.Of(entry.Catalog.Items.Select(item => item.Withheld is { } withheld ? withheld.ApprovedScope : item.Scope).OfType<Scope>())))
                .Concat(_personal.Select(backend => (backend.Id, Scopes: ToolScopes.All(backend))))
                .ToDictionary(entry => entry.Id, entry => entry.Scopes));
            _backends = next;
            if (_keepsNames)
                _names = merged.Names;
            _current = merged.Snapshot;
        }

        Changed?.Invoke(why);
    }

    private void LogNewFaults(IReadOnlyList<(BackendId Backend, string Fault)> faults)
    {
        foreach (var (backend, fault) in faults.Where(fault => !_faults.Contains(fault)))
            Log.ToolLeftOut(logger, backend.Value, fault);
        _faults = [.. faults];
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Warning, "Backend '{Backend}': {Fault}.")]
        public static partial void ToolLeftOut(ILogger logger, string backend, string fault);
    }
}
