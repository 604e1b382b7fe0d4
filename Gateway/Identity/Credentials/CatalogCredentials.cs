using System.Collections.Concurrent;
using System.Data.Common;
using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Vault;
using Microsoft.Net.Http.Headers;

namespace Cortex.Identity.Credentials;

/// <summary>
/// With what catalogs are read, and nothing else: the shared ones by the gateway itself or by the grant of the person that <c>catalogAccount</c> names, a
/// person's own by that person. Thread-safe.
/// </summary>
internal sealed class CatalogCredentials(CredentialResolver resolver, PersonVault vault, PersonRecords persons, GatewayAddresses addresses)
{
    private readonly ConcurrentDictionary<BackendId, PersonId> _accounts = new();

    /// <summary>What the catalog that all share is read with.</summary>
    public async ValueTask<CatalogCredential> ForSharedAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        if (backend.Auth is not BackendAuth.LinkedAccount || backend.Options.CatalogToken is not null || backend.Options.CatalogAccount is not { } account)
            return new CatalogCredential.Granted(resolver.ForCatalog(backend).Headers);
        try
        {
            if (await FindPersonAsync(account, cancellationToken) is not { } person)
            {
                _accounts.TryRemove(backend.Id, out _);
                return new CatalogCredential.NotLinked(NotLinked(backend, account), IsAgain: false);
            }

            _accounts[backend.Id] = person;
            return await FindAsync(new GrantKey(person, backend.Id), NotLinked(backend, account), cancellationToken);
        }
        catch (DbException exception)
        {
            return new CatalogCredential.Refused($"the catalog account can't be looked up: {exception.Message}");
        }
    }

    /// <summary>What a person's own catalog is read with: what their calls go out with.</summary>
    /// <param name="caller">Who asks; a person.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="request">The request, or what <see cref="Detach"/> kept of it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask<CatalogCredential> ForPersonAsync(Caller caller, BackendDefinition backend, HttpContext request, CancellationToken cancellationToken)
    {
        if (backend.Auth is BackendAuth.LinkedAccount)
            return await FindAsync(new GrantKey(caller.Person!.Id, backend.Id), $"The account at '{backend.Id}' is not linked.", cancellationToken);
        return await resolver.ResolveAsync(caller, backend, request, cancellationToken) switch
        {
            CredentialResult.Granted granted => new CatalogCredential.Granted(granted.Headers),
            CredentialResult.LinkNeeded needed => new CatalogCredential.NotLinked(needed.Reason, IsAgain: false),
            CredentialResult.Refused refused => new CatalogCredential.Refused(refused.Reason),
            _ => throw new InvalidOperationException("Resolving a credential ended in no known way."),
        };
    }

    /// <summary>Another credential in place of one that the server refused; the same one when there is nothing to renew.</summary>
    public async ValueTask<CatalogCredential> RenewAsync(CatalogCredential.Granted refused, CancellationToken cancellationToken)
    {
        if (refused.Grant is not { } grant)
            return refused;
        var token = refused.Headers.First(header => header.Key == HeaderNames.Authorization).Value["Bearer ".Length..];
        return Read(grant, $"The account at '{grant.Backend}' must be linked anew.", await vault.RenewAsync(grant, new Secret(token), cancellationToken));
    }

    /// <summary>True when a shared catalog is, or may be, read with this grant.</summary>
    public bool MayUse(BackendDefinition backend, GrantKey grant) =>
        backend.Id == grant.Backend && backend is { Auth: BackendAuth.LinkedAccount, Options.CatalogAccount: not null }
        && (!_accounts.TryGetValue(backend.Id, out var person) || person == grant.Person);

    /// <summary>What may be kept of a request for work that outlives it: the request itself goes on to serve other callers.</summary>
    public static HttpContext Detach(HttpContext request)
    {
        var kept = new DefaultHttpContext();
        kept.Request.Headers.Authorization = request.Request.Headers.Authorization;
        return kept;
    }

    private async ValueTask<CatalogCredential> FindAsync(GrantKey key, string notLinked, CancellationToken cancellationToken) =>
        Read(key, notLinked, await vault.FindAsync(key, cancellationToken));

    private static CatalogCredential Read(GrantKey key, string notLinked, VaultResult result) => result switch
    {
        VaultResult.Granted granted => new CatalogCredential.Granted([new(HeaderNames.Authorization, "Bearer " + granted.AccessToken.Reveal())], key),
        VaultResult.LinkNeeded needed => new CatalogCredential.NotLinked(notLinked, needed.IsAgain),
        VaultResult.Unavailable unavailable => new CatalogCredential.Refused(unavailable.Reason),
        _ => throw new InvalidOperationException("The vault answered in no known way."),
    };

    /// <summary>The one person of this id, or with this verified address; null when there is none, or more than one.</summary>
    private async Task<PersonId?> FindPersonAsync(string account, CancellationToken cancellationToken)
    {
        if (PersonId.TryParse(account, out var id))
            return await persons.FindAsync(id, cancellationToken) is { DisabledAt: null } ? id : null;
        return await persons.FindByEmailAsync(account, cancellationToken) is [{ DisabledAt: null } only] ? PersonId.Parse(only.Id) : null;
    }

    private string NotLinked(BackendDefinition backend, string account) =>
        $"catalog account is not linked: sign in as {account} and open {addresses.Origin}/link/{backend.Id}/start";
}
