using Cortex.Backends;
using Cortex.Identity.Credentials;

namespace Cortex.Catalog;

/// <summary>Reads the catalog of one kind of backend.</summary>
internal interface ICatalogSource
{
    BackendKind Kind { get; }

    /// <summary>Reads the whole catalog.</summary>
    /// <param name="backend">Whose.</param>
    /// <param name="credential">The credential by which it is asked.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="CatalogSourceException">The backend answered, but not with a catalog, or could not be reached.</exception>
    Task<BackendCatalog> ReadAsync(BackendDefinition backend, CredentialResult.Granted credential, CancellationToken cancellationToken);
}

/// <summary>A catalog could not be read; the message says why and is fit for operators.</summary>
internal sealed class CatalogSourceException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the backend did not take the credential.</summary>
    public bool IsUnauthorized { get; init; }

    /// <summary>True when the account that it is to be read with is not linked.</summary>
    public bool IsUnlinked { get; init; }

    /// <summary>True when that account was linked once.</summary>
    public bool IsUnlinkedAgain { get; init; }
}
