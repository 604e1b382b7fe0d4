using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Which protected resources tokens are given for (<see href="https://www.rfc-editor.org/rfc/rfc8707">RFC 8707</see>): <c>/mcp</c>, the
/// toolsets below it, and the operator API. One resource a token, so that a token is of use in one place only.
/// </summary>
internal sealed class ResourcePolicy(GatewayAddresses addresses, FindToolset findToolset)
{
    /// <summary>
    /// The resource that a request asks for, in the one form that goes into tokens; null when it can't be had. Clients older than
    /// RFC 8707 name none and mean <c>/mcp</c>.
    /// </summary>
    public string? Find(IReadOnlyList<string> requested)
    {
        if (requested.Count == 0)
            return addresses.McpResource;
        var resources = requested.Select(Normalize).Distinct(StringComparer.Ordinal).ToArray();
        return resources is [{ } only] && Exists(only) ? only : null;
    }

    /// <summary>True for the operator API.</summary>
    public bool IsAdmin(string? resource) => resource == addresses.AdminResource;

    /// <summary>The toolset that a resource is; null when it is none.</summary>
    public KnownToolset? FindToolset(string? resource)
    {
        var below = addresses.McpResource + "/";
        return resource?.StartsWith(below, StringComparison.Ordinal) == true ? findToolset(resource[below.Length..]) : null;
    }

    private bool Exists(string resource) => resource == addresses.McpResource || IsAdmin(resource) || FindToolset(resource) is not null;

    // Scheme and host compare without regard to case, and some clients add a slash.
    private static string? Normalize(string resource) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var address) ? address.AbsoluteUri.TrimEnd('/') : null;
}
