using Cortex.Backends;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Cortex.Mcp;

/// <summary>
/// The ingress routes of YARP: <c>/mcp</c> and <c>/mcp/{toolset}</c>, on a cluster without destinations, so that whatever the ingress does not route
/// ends in 503. Authorization runs before any byte of the body is read.
/// </summary>
internal sealed class IngressRoutes : IProxyConfigProvider
{
    /// <summary>Metadata key that marks an ingress route.</summary>
    public const string IngressMetadata = "cortex.ingress";

    /// <summary>Route value that holds the toolset's name.</summary>
    public const string ToolsetValue = "toolset";

    private const string Cluster = BackendRoutes.IngressCluster;

    private const string WholeRoute = "cortex-mcp";

    private const string ToolsetRoute = "cortex-mcp-toolset";

    /// <summary>The routes' ids, which no other route may have.</summary>
    public static IReadOnlyList<string> Ids { get; } = [WholeRoute, ToolsetRoute];

    private readonly Config _config = new();

    public IProxyConfig GetConfig() => _config;

    private static RouteConfig Route(string id, string path) => new()
    {
        RouteId = id,
        ClusterId = Cluster,
        AuthorizationPolicy = CallerAuthentication.McpPolicy,
        CorsPolicy = McpCors.Policy,
        Match = new RouteMatch { Path = path },
        Metadata = new Dictionary<string, string> { [IngressMetadata] = "true" },
    };

    private sealed class Config : IProxyConfig
    {
        public IReadOnlyList<RouteConfig> Routes { get; } = [Route(WholeRoute, "/mcp"), Route(ToolsetRoute, $"/mcp/{{{ToolsetValue}}}")];

        public IReadOnlyList<ClusterConfig> Clusters { get; } = [new ClusterConfig { ClusterId = Cluster }];

        public IChangeToken ChangeToken { get; } = new CancellationChangeToken(CancellationToken.None);
    }
}
