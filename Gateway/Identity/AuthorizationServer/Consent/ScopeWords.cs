using Cortex.Foundation.Model;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>Says in words what a scope allows.</summary>
internal static class ScopeWords
{
    public static string Describe(Scope scope) => scope.Value switch
    {
        "offline_access" => "Stay connected, without asking you again while it is in use",
        "openid" => "Know which account you use here",
        "profile" => "See your name",
        "email" => "See your e-mail address",
        _ => scope.Value.Split(':') switch
        {
            ["cortex", "admin"] => "Administer this gateway, all of it",
            ["cortex", "admin", var area] => $"See and change {area} of this gateway",
            ["cortex", "admin", var area, "read"] => $"See {area} of this gateway",
            ["mcp", var domain] => $"Use {domain}",
            ["mcp", var domain, "read"] => $"Read in {domain}",
            ["mcp", var domain, "write"] => $"Make changes in {domain}",
            ["mcp", var domain, "admin"] => $"Administer {domain}",
            ["mcp", var domain, ..] parts => $"Use {domain}: {string.Join(' ', parts[2..])}",
            _ => $"Use the permission {scope}",
        },
    };
}
