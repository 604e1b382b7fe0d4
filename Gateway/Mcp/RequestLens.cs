using Cortex.Catalog.Toolsets;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>
/// Through what a request looks at the catalog: the toolset of its address, by which all of it is served, and the backends of its header
/// <c>X-Cortex-Backends</c>, by which lists alone are. Neither gives or takes a right.
/// </summary>
/// <param name="Toolset">The toolset as it was when the request came; null at <c>/mcp</c>.</param>
/// <param name="Backends">The backends to be listed; null for all.</param>
/// <param name="Fault">What is wrong with the header; null when nothing is.</param>
internal sealed record RequestLens(Toolset? Toolset, BackendChoice? Backends, McpError? Fault)
{
    /// <summary>The whole catalog.</summary>
    public static RequestLens Whole { get; } = new(null, null, null);

    /// <summary>What lists show.</summary>
    public CatalogLens ForLists { get; } = new(Toolset?.Id, Backends);

    /// <summary>What may be called, read and watched.</summary>
    public CatalogLens ForCalls { get; } = new(Toolset?.Id, null);

    /// <summary>What lists show, by the toolset as it was when the request came.</summary>
    public CatalogSelection Listed { get; } = new(Toolset, Backends);

    /// <summary>What may be called, by the toolset as it was when the request came.</summary>
    public CatalogSelection Callable { get; } = new(Toolset, null);
}

/// <summary>Reads the lens of a request.</summary>
internal static class RequestLensFeature
{
    /// <summary>The lens that <see cref="RequestLenses"/> set; the whole catalog where none was.</summary>
    public static RequestLens GetLens(this HttpContext context) => context.Features.Get<RequestLens>() ?? RequestLens.Whole;
}
