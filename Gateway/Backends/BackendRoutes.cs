using Cortex.Foundation.Model;
using Yarp.ReverseProxy.Configuration;

namespace Cortex.Backends;

/// <summary>
/// Makes a backend's internal route. It exists to carry the cluster's transforms after a reassignment; its own authorization policy
/// denies everyone, so that a request that hits its path directly ends there.
/// </summary>
internal static class BackendRoutes
{
    /// <summary>The authorization policy of every backend route: nobody. Registered by the MCP layer, which knows how callers authenticate.</summary>
    public const string DenyAllPolicy = "cortex-nobody";

    /// <summary>Id of the cluster of the ingress routes, which no backend may take.</summary>
    public const string IngressCluster = "cortex-ingress";

    /// <summary>Route metadata key that holds the backend's id.</summary>
    public const string BackendMetadata = "cortex.backend";

    public static RouteConfig Create(BackendDefinition backend) => new()
    {
        RouteId = RouteId(backend.Id),
        ClusterId = backend.Id.Value,
        AuthorizationPolicy = DenyAllPolicy,
        Match = new RouteMatch { Path = $"/-/backends/{backend.Id}" },
        Metadata = new Dictionary<string, string> { [BackendMetadata] = backend.Id.Value },
    };

    /// <summary>Id of the internal route of <paramref name="backend"/>.</summary>
    public static string RouteId(BackendId backend) => $"backend:{backend}";
}
