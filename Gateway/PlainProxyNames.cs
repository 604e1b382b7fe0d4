using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using Cortex.Mcp;

namespace Cortex;

/// <summary>Checks the names in <c>reverseProxy:</c> against those that the wings register: one that YARP does not know, or knows already, would stop every route.</summary>
internal static class PlainProxyNames
{
    /// <summary>YARP's own words, and the policies of the gateway.</summary>
    private static readonly HashSet<string> AuthorizationPolicies = new(StringComparer.OrdinalIgnoreCase)
    {
        "default", "anonymous", CallerAuthentication.McpPolicy, CallerAuthentication.AdminPolicy, BackendRoutes.DenyAllPolicy,
    };

    public static void Validate(PlainProxyOptions plain, SectionValidation validation)
    {
        foreach (var id in PlainProxyValidation.IdsOf(plain.Clusters).Where(id => id.Equals(BackendRoutes.IngressCluster, StringComparison.OrdinalIgnoreCase)))
            validation.Error($"reverseProxy.clusters.{id}", $"'{id}' is the gateway's own cluster", "rename it");
        foreach (var id in PlainProxyValidation.IdsOf(plain.Routes).Where(id => IngressRoutes.Ids.Contains(id, StringComparer.OrdinalIgnoreCase)))
            validation.Error($"reverseProxy.routes.{id}", $"'{id}' is the gateway's own route", "rename it");
        foreach (var (key, value) in plain.Routes?.Values ?? new Dictionary<string, string?>())
        {
            if (string.IsNullOrEmpty(value) || key.Split(':') is not [var route, var name])
                continue;
            if (name.Equals("authorizationPolicy", StringComparison.OrdinalIgnoreCase) && !AuthorizationPolicies.Contains(value))
                validation.Error($"reverseProxy.routes.{route}.{name}", $"there is no authorization policy '{value}'", "write anonymous, or leave it out");
            if (name.Equals("corsPolicy", StringComparison.OrdinalIgnoreCase) && !IsCorsPolicy(value))
                validation.Error($"reverseProxy.routes.{route}.{name}", $"there is no CORS policy '{value}'", "write disable, or leave it out");
        }
    }

    private static bool IsCorsPolicy(string name) =>
        name == McpCors.Policy || name.Equals("default", StringComparison.OrdinalIgnoreCase) || name.Equals("disable", StringComparison.OrdinalIgnoreCase);
}
