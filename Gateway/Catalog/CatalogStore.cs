using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;

namespace Cortex.Catalog;

/// <summary>
/// Holds the last good catalog of each backend and the snapshot merged from them. Thread-safe; readers see whole snapshots only.
/// </summary>
internal sealed partial class CatalogStore(KnownScopes knownScopes, ILogger<CatalogStore> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<BackendId, (BackendDefinition Backend, BackendCatalog Catalog)> _backends = [];
    private HashSet<(BackendId Backend, string Fault)> _faults = [];
    private volatile CatalogSnapshot _current = CatalogSnapshot.Empty;

    /// <summary>Raised after <see cref="Current"/> was swapped.</summary>
    public event Action? Changed;

    public CatalogSnapshot Current => _current;

    /// <summary>Takes a backend's fresh catalog.</summary>
    public void Put(BackendDefinition backend, BackendCatalog catalog) => Update(() => _backends[backend.Id] = (backend, catalog));

    /// <summary>Forgets a backend: it was removed, or its last good catalog is too old.</summary>
    public void Remove(BackendId backend) => Update(() => _backends.Remove(backend));

    /// <summary>Takes over changed options and forgets backends that are no longer configured, or that now speak another kind.</summary>
    public void Follow(BackendSnapshot snapshot) => Update(() =>
    {
        foreach (var (id, entry) in _backends.ToArray())
        {
            if (snapshot.Find(id) is { } backend && backend.Kind == entry.Backend.Kind)
                _backends[id] = (backend, entry.Catalog);
            else
                _backends.Remove(id);
        }
    });

    /// <summary>When the backend's catalog was last read; null when there is none.</summary>
    public DateTimeOffset? FetchedAt(BackendId backend)
    {
        lock (_gate)
            return _backends.TryGetValue(backend, out var entry) ? entry.Catalog.FetchedAt : null;
    }

    private void Update(Action change)
    {
        lock (_gate)
        {
            change();
            var merged = CatalogMerge.Merge([.. _backends.Values.OrderBy(entry => entry.Backend.Id.Value, StringComparer.Ordinal)]);
            LogNewFaults(merged.Faults);
            knownScopes.Publish(_backends.ToDictionary(
                entry => entry.Key,
                entry => ScopeSet.Of(entry.Value.Catalog.Items.Select(item => item.Scope))));
            _current = merged.Snapshot;
        }

        Changed?.Invoke();
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
