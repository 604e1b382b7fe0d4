namespace Cortex.Identity.Callers;

/// <summary>Names by which endpoints ask for an authenticated caller.</summary>
internal static class CallerAuthentication
{
    /// <summary>Authentication scheme: an access token for one of the gateway's protected resources, in the <c>Authorization</c> header.</summary>
    public const string Scheme = "Cortex.Bearer";

    /// <summary>Authorization policy of <c>/mcp</c> and its toolsets: a valid token that holds <c>identity.requiredScopes</c>.</summary>
    public const string McpPolicy = "Cortex.Mcp";

    /// <summary>Authorization policy of <c>/api/admin</c>: a valid token for it. What it may do there is for each endpoint to judge.</summary>
    public const string AdminPolicy = "Cortex.Admin";
}
