using Cortex.Foundation.Model;

namespace Cortex.Catalog.Names;

/// <summary>A tool or prompt by whose it is, whatever clients call it.</summary>
/// <param name="Kind">Tool or prompt; each has names of its own.</param>
/// <param name="Backend">Who offers it.</param>
/// <param name="Name">The backend's own name.</param>
internal readonly record struct NameOwner(CatalogKind Kind, BackendId Backend, string Name);
