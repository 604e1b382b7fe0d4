using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>The toolset of this name; null when none is configured.</summary>
internal delegate KnownToolset? FindToolset(string name);

/// <summary>A toolset, as far as its clients are told of it before they have a token.</summary>
/// <param name="Title">Its name for people.</param>
/// <param name="Scopes">Reads the scopes that what is in it needs now.</param>
internal sealed record KnownToolset(string Title, Func<ScopeSet> Scopes);

/// <summary>Which protected resource a request is for: <c>/mcp</c>, the toolset at <c>/mcp/{toolset}</c>, or the operator API.</summary>
internal sealed class ProtectedResources(GatewayAddresses addresses, FindToolset findToolset)
{
    /// <summary>The whole MCP endpoint.</summary>
    public ProtectedResource Mcp { get; } = new(addresses.McpResource, null, addresses.ResourceMetadata);

    /// <summary>The operator API.</summary>
    public ProtectedResource Admin { get; } =
        new(addresses.AdminResource, null, addresses.Origin + "/.well-known/oauth-protected-resource/api/admin") { Scopes = AdminScopes.All };

    /// <summary>The resource of a request's path; a path that names no toolset is judged as the whole endpoint.</summary>
    public ProtectedResource Of(PathString path) =>
        path.StartsWithSegments("/mcp", StringComparison.OrdinalIgnoreCase, out var rest) && rest.Value is { Length: > 1 } segment
            ? FindToolset(segment.Trim('/')) ?? Mcp
            : path.StartsWithSegments("/api/admin", StringComparison.OrdinalIgnoreCase) ? Admin : Mcp;

    /// <summary>The resource of a toolset, or null when there is no such toolset.</summary>
    public ProtectedResource? FindToolset(string name) => findToolset(name) is { } toolset
        ? new ProtectedResource(addresses.ToolsetResource(name), addresses.McpResource, addresses.ToolsetResourceMetadata(name)) { Toolset = toolset }
        : null;
}
