using Cortex.Foundation.Model;

namespace Cortex.Catalog.Names;

/// <summary>Reads the names on record before the first catalog is merged, so that a restart gives none away anew.</summary>
internal sealed class NamePreparation(CatalogStore catalog, NameStore store) : IPreparation
{
    public async Task PrepareAsync(CancellationToken cancellationToken) => catalog.Adopt(await store.LoadAsync(cancellationToken));
}
