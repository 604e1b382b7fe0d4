using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>Why a snapshot was swapped.</summary>
/// <param name="Backend">The backend whose catalog was read; null when options changed or a backend went.</param>
/// <param name="Announced">Lists that are written otherwise, though nothing in them changed.</param>
internal readonly record struct CatalogChange(BackendId? Backend, CatalogLists Announced);
