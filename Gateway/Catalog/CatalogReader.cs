using Cortex.Backends;
using Cortex.Identity.Credentials;

namespace Cortex.Catalog;

/// <summary>Reads catalogs, under the one credential that is meant for it; a grant that the server refuses is renewed once.</summary>
internal sealed class CatalogReader(IEnumerable<ICatalogSource> sources, CatalogCredentials credentials)
{
    /// <summary>Reads the catalog that all share.</summary>
    /// <exception cref="CatalogSourceException">It could not be read; the message says why and what to do.</exception>
    public async Task<BackendCatalog> ReadSharedAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(backend, await credentials.ForSharedAsync(backend, cancellationToken), cancellationToken);
        }
        catch (CatalogSourceException exception) when (exception.IsUnauthorized && MustConfigure(backend))
        {
            throw new CatalogSourceException(
                "the server lists nothing without an account: set catalogAccount to a person whose linked account reads the catalog, or set catalog: perPerson.", exception)
            {
                IsUnauthorized = true,
            };
        }
    }

    /// <summary>Reads a catalog with a credential.</summary>
    /// <exception cref="CatalogSourceException">It could not be read.</exception>
    public async Task<BackendCatalog> ReadAsync(BackendDefinition backend, CatalogCredential credential, CancellationToken cancellationToken)
    {
        var granted = Check(credential);
        try
        {
            return await ReadAsync(backend, granted, cancellationToken);
        }
        catch (CatalogSourceException exception) when (exception.IsUnauthorized && granted.Grant is not null)
        {
            return await ReadAsync(backend, Check(await credentials.RenewAsync(granted, cancellationToken)), cancellationToken);
        }
    }

    private Task<BackendCatalog> ReadAsync(BackendDefinition backend, CatalogCredential.Granted granted, CancellationToken cancellationToken) =>
        sources.First(source => source.Kind == backend.Kind).ReadAsync(backend, granted.Headers, cancellationToken);

    private static bool MustConfigure(BackendDefinition backend) =>
        backend is { Auth: BackendAuth.LinkedAccount, Options: { CatalogAccount: null, CatalogToken: null } };

    private static CatalogCredential.Granted Check(CatalogCredential credential) => credential switch
    {
        CatalogCredential.Granted granted => granted,
        CatalogCredential.NotLinked notLinked => throw new CatalogSourceException(notLinked.Reason) { IsUnlinked = true, IsUnlinkedAgain = notLinked.IsAgain },
        CatalogCredential.Refused refused => throw new CatalogSourceException(refused.Reason),
        _ => throw new InvalidOperationException("Looking for a credential ended in no known way."),
    };
}
