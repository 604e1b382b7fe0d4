using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Catalog.Personal;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Identity.Linking;
using Yarp.ReverseProxy;

namespace Cortex.Builtins;

/// <summary>How the backends are, in words for agents and people.</summary>
internal sealed class BackendStates(
    BackendRegistry registry, CatalogStore catalog, PersonalCatalogs personal, LinkInvitations invitations, Readiness readiness, IProxyStateLookup proxy)
{
    /// <summary>The backends that a caller sees something of, and those whose offer is not known, by name.</summary>
    public IReadOnlyList<BackendState> For(BuiltinCall call) =>
        [.. registry.Current.All
            .Select(backend => backend.IsPersonal ? PersonalStateOf(call.Caller, call.View, backend) : SharedStateOf(call.View, backend))
            .Where(backend => backend.Items.Count > 0
                || (backend.State is not (BackendHealth.Ready or BackendHealth.Unavailable) && call.Catalog.MayHold(backend.Definition)))
            .OrderBy(backend => backend.Definition.Id.Value, StringComparer.Ordinal)];

    private static List<CatalogItem> ItemsOf(CatalogView view, BackendDefinition backend) =>
        [.. Enum.GetValues<CatalogKind>().SelectMany(view.Of).Where(item => item.Backend.Id == backend.Id)];

    private BackendState SharedStateOf(CatalogView view, BackendDefinition backend)
    {
        var items = ItemsOf(view, backend);
        if (catalog.FetchedAt(backend.Id) is not null)
            return new BackendState(backend, items, Reached(backend));
        return backend.Options.CatalogAccount is not null && readiness.Current.Parts.GetValueOrDefault(BackendRefresh.PartOf(backend)) is { State: ReadinessState.Failed, Detail: { } reason }
            ? new BackendState(backend, items, BackendHealth.NeverReached) { Problem = reason }
            : new BackendState(backend, items, BackendHealth.NeverReached);
    }

    /// <summary>A machine has no catalog of its own, and so sees nothing of such a backend.</summary>
    private BackendState PersonalStateOf(Caller caller, CatalogView view, BackendDefinition backend)
    {
        var items = ItemsOf(view, backend);
        var (state, problem) = personal.StateOf(caller, backend);
        return state switch
        {
            _ when caller.Person is null => new BackendState(backend, items, Reached(backend)),
            PersonalState.NotLinked => new BackendState(backend, items, BackendHealth.NotLinked)
            {
                Problem = $"The account there is not linked. Ask the person to open {invitations.Invite(caller.Person!.Id, backend.Id, []).Address}",
            },
            PersonalState.Read => new BackendState(backend, items, Reached(backend)),
            _ => new BackendState(backend, items, items.Count > 0 ? BackendHealth.Unavailable : BackendHealth.NeverReached) { Problem = problem },
        };
    }

    private BackendHealth Reached(BackendDefinition backend) =>
        proxy.TryGetCluster(backend.Id.Value, out var cluster) && cluster.DestinationsState.AvailableDestinations.Count > 0
            ? BackendHealth.Ready
            : BackendHealth.Unavailable;
}

/// <summary>One backend, as one caller may know it.</summary>
/// <param name="Definition">The backend.</param>
/// <param name="Items">What the caller sees of it.</param>
/// <param name="State">How it is.</param>
internal sealed record BackendState(BackendDefinition Definition, IReadOnlyList<CatalogItem> Items, BackendHealth State)
{
    /// <summary>Why it is not ready, one sentence; null when nothing is known.</summary>
    public string? Problem { get; init; }

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

    /// <summary>The person has to link their account there first, or anew.</summary>
    NotLinked,

    /// <summary>It has not answered since the gateway started, so that what it offers is not known.</summary>
    NeverReached,
}
