using Cortex.Backends;
using Cortex.Catalog;
using Yarp.ReverseProxy;

namespace Cortex.Builtins;

/// <summary>How the backends are, in words for agents and people.</summary>
internal sealed class BackendStates(BackendRegistry registry, CatalogStore catalog, IProxyStateLookup proxy)
{
    /// <summary>The backends that a caller sees something of, and those whose offer is not known, by name.</summary>
    public IReadOnlyList<BackendState> For(CatalogView view) =>
        [.. registry.Current.All
            .Select(backend => new BackendState(backend, ItemsOf(view, backend), StateOf(backend)))
            .Where(backend => backend.Items.Count > 0 || backend.State == BackendHealth.NeverReached)
            .OrderBy(backend => backend.Definition.Id.Value, StringComparer.Ordinal)];

    private static List<CatalogItem> ItemsOf(CatalogView view, BackendDefinition backend) =>
        [.. Enum.GetValues<CatalogKind>().SelectMany(view.Of).Where(item => item.Backend.Id == backend.Id)];

    private BackendHealth StateOf(BackendDefinition backend)
    {
        if (catalog.FetchedAt(backend.Id) is null)
            return BackendHealth.NeverReached;
        return proxy.TryGetCluster(backend.Id.Value, out var cluster) && cluster.DestinationsState.AvailableDestinations.Count > 0
            ? BackendHealth.Ready
            : BackendHealth.Unavailable;
    }
}

/// <summary>One backend, as one caller may know it.</summary>
/// <param name="Definition">The backend.</param>
/// <param name="Items">What the caller sees of it.</param>
/// <param name="State">How it is.</param>
internal sealed record BackendState(BackendDefinition Definition, IReadOnlyList<CatalogItem> Items, BackendHealth State)
{
    /// <summary>Number of items of one kind.</summary>
    public int Count(CatalogKind kind) => Items.Count(item => item.Kind == kind);
}

/// <summary>Whether a backend can be used now.</summary>
internal enum BackendHealth
{
    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It does not answer at the moment; what it offered last is still listed.</summary>
    Unavailable,

    /// <summary>It has not answered since the gateway started, so that what it offers is not known.</summary>
    NeverReached,
}
