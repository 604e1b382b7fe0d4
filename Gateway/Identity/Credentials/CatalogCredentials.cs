using System.Collections.Concurrent;
using System.Data.Common;
using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Vault;

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
            return new CatalogCredential.Granted(resolver.ForCatalog(backend));
        try
        {
            if (await FindPersonAsync(account, cancellationToken) is not { } person)
            {
                _accounts.TryRemove(backend.Id, out _);
                return new CatalogCredential.NotLinked(NotLinked(backend, account), IsAgain: false);
            }

            _accounts[backend.Id] = person;
            return Read(backend, account, await vault.FindAsync(new GrantKey(person, backend.Id), cancellationToken));
        }
        catch (DbException exception)
        {
            return new CatalogCredential.Refused($"the catalog account can't be looked up: {exception.Message}");
        }
    }

    /// <summary>Another credential in the place of one by which a server refused to list what all share; null when there is no other.</summary>
    public async ValueTask<CatalogCredential?> ReplaceSharedAsync(BackendDefinition backend, CredentialResult.Granted rejected, CancellationToken cancellationToken) =>
        rejected.Origin is CredentialOrigin.Person && backend.Options.CatalogAccount is { } account && _accounts.TryGetValue(backend.Id, out var person)
            ? Read(backend, account, await vault.RenewAsync(new GrantKey(person, backend.Id), BearerHeader.TokenOf(rejected), cancellationToken))
            : null;

    /// <summary>What a person's own catalog is read with: what their calls go out with.</summary>
    /// <param name="caller">Who asks; a person.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="request">The request, or what <see cref="Detach"/> kept of it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask<CatalogCredential> ForPersonAsync(Caller caller, BackendDefinition backend, HttpContext request, CancellationToken cancellationToken) =>
        await ReadAsync(caller, backend, await resolver.ResolveAsync(caller, backend, request, cancellationToken), cancellationToken);

    /// <summary>Another credential in the place of one by which a server refused to list what is a person's own; null when there is no other.</summary>
    public async ValueTask<CatalogCredential?> ReplaceForPersonAsync(
        Caller caller, BackendDefinition backend, CredentialResult.Granted rejected, HttpContext request, CancellationToken cancellationToken) =>
        await resolver.ReplaceAsync(caller, backend, rejected, CredentialRefusal.NotAccepted.Instance, request, cancellationToken) is { } other
            ? await ReadAsync(caller, backend, other, cancellationToken)
            : null;

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

    private CatalogCredential Read(BackendDefinition backend, string account, VaultResult result) => result switch
    {
        VaultResult.Granted granted when !backend.IsPartOf(granted.Resource) => new CatalogCredential.NotLinked(NotLinked(backend, account), IsAgain: true),
        VaultResult.Granted granted => new CatalogCredential.Granted(
            new CredentialResult.Granted([BearerHeader.Of(granted.AccessToken.Reveal())]) { Origin = CredentialOrigin.Person, Account = granted.LinkId }),
        VaultResult.LinkNeeded needed => new CatalogCredential.NotLinked(NotLinked(backend, account), needed.IsAgain),
        VaultResult.Unavailable unavailable => new CatalogCredential.Refused(unavailable.Reason),
        _ => throw new InvalidOperationException("The vault answered in no known way."),
    };

    private async ValueTask<CatalogCredential> ReadAsync(Caller caller, BackendDefinition backend, CredentialResult result, CancellationToken cancellationToken) => result switch
    {
        CredentialResult.Granted granted => new CatalogCredential.Granted(granted),
        CredentialResult.LinkNeeded needed => new CatalogCredential.NotLinked(
            needed.Reason,
            await vault.FindAsync(new GrantKey(caller.Person!.Id, backend.Id), cancellationToken) is VaultResult.LinkNeeded { IsAgain: true }),
        CredentialResult.Refused refused => new CatalogCredential.Refused(refused.Reason),
        _ => throw new InvalidOperationException("Resolving a credential ended in no known way."),
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
