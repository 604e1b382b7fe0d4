using Cortex.Foundation.Model;

namespace Cortex.Catalog.Toolsets;

/// <summary>Through what somebody looks at the catalog, by name, so that it stays good when toolsets are configured anew.</summary>
/// <param name="Toolset">The toolset; null: the whole catalog.</param>
/// <param name="Backends">The only backends to be shown; null: all.</param>
internal sealed record CatalogLens(ToolsetId? Toolset, BackendChoice? Backends)
{
    /// <summary>The whole catalog.</summary>
    public static CatalogLens Whole { get; } = new(null, null);
}
