using Cortex.Backends;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>Where sessions can be opened, and whether one that exists can still be used, by YARP's live state.</summary>
internal sealed class UpstreamDestinations(IProxyStateLookup proxy)
{
    /// <summary>The available destinations of a backend in random order; none when it has none, or is not configured.</summary>
    public IReadOnlyList<UpstreamDestination> Available(BackendDefinition backend)
    {
        if (!proxy.TryGetCluster(backend.Id.Value, out var cluster))
            return [];
        var available = cluster.DestinationsState.AvailableDestinations
            .Select(destination => new UpstreamDestination(destination.DestinationId, destination.Model.Config.Address))
            .ToArray();
        Random.Shared.Shuffle(available);
        return available;
    }

    /// <summary>True when the session's destination is configured as it was, and is available or no other is.</summary>
    public bool CanUse(BackendDefinition backend, UpstreamSession session) =>
        IsConfigured(backend, session)
        && Available(backend) is var available
        && (available.Count == 0 || available.Any(destination => destination.Id == session.Destination));

    /// <summary>True when the session's destination is configured as it was.</summary>
    public bool IsConfigured(BackendDefinition backend, UpstreamSession session) =>
        proxy.TryGetCluster(backend.Id.Value, out var cluster)
        && cluster.Destinations.TryGetValue(session.Destination, out var destination)
        && destination.Model.Config.Address == session.Address;
}

/// <summary>One destination of a backend.</summary>
/// <param name="Id">Its id in YARP.</param>
/// <param name="Address">Its base address.</param>
internal sealed record UpstreamDestination(string Id, string Address);
