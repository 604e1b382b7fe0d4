using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>Why a snapshot was swapped.</summary>
/// <param name="Backend">The backend whose catalog was read; null when options changed or a backend went.</param>
/// <param name="Announced">The lists that this backend itself said had changed.</param>
internal readonly record struct CatalogChange(BackendId? Backend, CatalogLists Announced);
