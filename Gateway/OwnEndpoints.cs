namespace Cortex;

/// <summary>The paths that are the gateway's own. All others are plain <c>reverseProxy:</c> routes, which may serve any host.</summary>
internal static class OwnEndpoints
{
    private static readonly PathString[] Roots =
    [
        "/mcp", "/oauth", "/identity", "/signin", "/consent", "/account", "/link", "/console", "/api/admin", "/api/billing", "/-",
        "/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/.well-known/jwks.json",
    ];

    /// <summary>True when <paramref name="path"/> is one of them or lies below one.</summary>
    public static bool Contain(PathString path) => Roots.Any(root => path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase));
}
