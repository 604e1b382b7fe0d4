using Cortex.Foundation.Configuration;
using Cortex.Mcp.Wire;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp;

/// <summary>CORS of <c>/mcp</c>, following <c>gateway.allowedOrigins</c> as it is now.</summary>
internal sealed class McpCors(IOptionsMonitor<GatewayOptions> options)
{
    /// <summary>Name of the CORS policy of the ingress routes.</summary>
    public const string Policy = "cortex-mcp";

    /// <summary>True when pages of <paramref name="origin"/> may call <c>/mcp</c>: the gateway's own origin, or one that is listed.</summary>
    public bool IsAllowed(string origin)
    {
        var current = options.CurrentValue;
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return false;
        return string.Equals(origin, current.PublicUrl.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
            || current.AllowedOrigins.Any(allowed => Matches(allowed, origin, uri));
    }

    /// <summary>Builds the policy; the origin check itself reads the live options.</summary>
    public void Configure(CorsOptions cors) => cors.AddPolicy(Policy, policy => policy
        .SetIsOriginAllowed(IsAllowed)
        .WithMethods("POST", "GET", "DELETE")
        .AllowAnyHeader()
        .WithExposedHeaders("WWW-Authenticate", "Retry-After", McpHeaders.SessionId, McpHeaders.ProtocolVersion)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));

    /// <summary>Exact origins match as they are; <c>*.example.com</c> matches every https subdomain, not the domain itself.</summary>
    private static bool Matches(string allowed, string origin, Uri uri) => allowed.StartsWith("*.", StringComparison.Ordinal)
        ? uri.Scheme == "https" && uri.IsDefaultPort && uri.Host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
        : string.Equals(allowed.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase);
}
