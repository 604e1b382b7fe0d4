using Cortex.Backends;

namespace Cortex.Catalog.Toolsets;

/// <summary>What a <see cref="CatalogLens"/> shows as toolsets are configured now; immutable, usable as a cache key. The gateway's own items are in every one unless its toolset is without.</summary>
/// <param name="Toolset">The toolset; null: the whole catalog.</param>
/// <param name="Backends">The only backends that are in it; null: all.</param>
internal sealed record CatalogSelection(Toolset? Toolset, BackendChoice? Backends)
{
    /// <summary>Everything.</summary>
    public static CatalogSelection Whole { get; } = new(null, null);

    /// <inheritdoc cref="Toolset.Holds"/>
    public bool Holds(CatalogItem item, string name) => item.Backend.IsGateway
        ? Toolset?.HasBuiltins != false
        : Backends?.Contains(item.Backend.Id) != false && Toolset?.Holds(item, name) != false;

    /// <inheritdoc cref="Toolset.MayHold"/>
    public bool MayHold(BackendDefinition backend) => Backends?.Contains(backend.Id) != false && Toolset?.MayHold(backend) != false;
}
