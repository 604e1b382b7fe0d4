using Cortex.Backends;

namespace Cortex.Catalog;

/// <summary>Reads the catalog of one kind of backend.</summary>
internal interface ICatalogSource
{
    BackendKind Kind { get; }

    /// <summary>Reads the whole catalog.</summary>
    /// <exception cref="CatalogSourceException">The backend answered, but not with a catalog, or could not be reached.</exception>
    Task<BackendCatalog> ReadAsync(BackendDefinition backend, CancellationToken cancellationToken);
}

/// <summary>A catalog could not be read; the message says why and is fit for operators.</summary>
internal sealed class CatalogSourceException(string message, Exception? inner = null) : Exception(message, inner);
