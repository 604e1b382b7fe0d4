using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;

namespace Cortex.Catalog;

/// <summary>
/// Reads catalogs, each under the one credential that is meant for it; where the server refuses it and there is another, once more. Each is held
/// against what was approved before anyone sees it.
/// </summary>
internal sealed class CatalogReader(IEnumerable<ICatalogSource> sources, CatalogCredentials credentials, CatalogIntegrity integrity)
{
    /// <summary>Reads the catalog that all share.</summary>
    /// <exception cref="CatalogSourceException">It could not be read; the message says why and what to do.</exception>
    public async Task<BackendCatalog> ReadSharedAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        try
        {
            var catalog = await ReadAsync(
                backend,
                await credentials.ForSharedAsync(backend, cancellationToken),
                rejected => credentials.ReplaceSharedAsync(backend, rejected, cancellationToken),
                cancellationToken);
            return await integrity.HoldAsync(backend, catalog, isPersonal: false, cancellationToken);
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

    /// <summary>Reads the catalog that is a person's own.</summary>
    /// <param name="caller">The person.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="request">What is kept of their request.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="CatalogSourceException">It could not be read; the message says why.</exception>
    public async Task<BackendCatalog> ReadOwnAsync(Caller caller, BackendDefinition backend, HttpContext request, CancellationToken cancellationToken)
    {
        var catalog = await ReadAsync(
            backend,
            await credentials.ForPersonAsync(caller, backend, request, cancellationToken),
            rejected => credentials.ReplaceForPersonAsync(caller, backend, rejected, request, cancellationToken),
            cancellationToken);
        return await integrity.HoldAsync(backend, catalog, isPersonal: true, cancellationToken);
    }

    private async Task<BackendCatalog> ReadAsync(
        BackendDefinition backend, CatalogCredential credential, Func<CredentialResult.Granted, ValueTask<CatalogCredential?>> replace, CancellationToken cancellationToken)
    {
        var source = sources.First(source => source.Kind == backend.Kind);
        var granted = Check(credential);
        try
        {
            return await source.ReadAsync(backend, granted, cancellationToken);
        }
        catch (CatalogSourceException exception) when (exception.IsUnauthorized)
        {
            if (await replace(granted) is not { } other)
                throw;
            return await source.ReadAsync(backend, Check(other), cancellationToken);
        }
    }

    private static bool MustConfigure(BackendDefinition backend) =>
        backend is { Auth: BackendAuth.LinkedAccount, Options: { CatalogAccount: null, CatalogToken: null } };

    private static CredentialResult.Granted Check(CatalogCredential credential) => credential switch
    {
        CatalogCredential.Granted granted => granted.Credential,
        CatalogCredential.NotLinked notLinked => throw new CatalogSourceException(notLinked.Reason) { IsUnlinked = true, IsUnlinkedAgain = notLinked.IsAgain },
        CatalogCredential.Refused refused => throw new CatalogSourceException(refused.Reason),
        _ => throw new InvalidOperationException("Looking for a credential ended in no known way."),
    };
}
