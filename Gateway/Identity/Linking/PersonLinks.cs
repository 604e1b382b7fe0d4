using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking;

/// <summary>How a person's accounts stand at the backends where accounts are linked. Thread-safe.</summary>
internal sealed class PersonLinks(LinkProviders providers, PersonVault vault)
{
    /// <summary>Every such backend, and every grant of a backend that is no more, by name.</summary>
    public async Task<IReadOnlyList<PersonLink>> ListAsync(PersonId person, CancellationToken cancellationToken)
    {
        var accounts = (await vault.ListAsync(person, cancellationToken)).ToDictionary(account => account.Backend);
        var known = providers.Backends.ToArray();
        return [.. known
            .Select(backend => new PersonLink(backend.Id, backend, accounts.GetValueOrDefault(backend.Id)))
            .Concat(accounts.Values.ExceptBy(known.Select(backend => backend.Id), account => account.Backend).Select(account => new PersonLink(account.Backend, null, account)))
            .OrderBy(link => link.Id.Value, StringComparer.Ordinal)];
    }
}

/// <summary>One backend, as one person stands to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Backend">The backend; null when it is not configured any more, or accounts are not linked there.</param>
/// <param name="Account">What the person linked; null for nothing.</param>
internal sealed record PersonLink(BackendId Id, BackendDefinition? Backend, LinkedAccount? Account)
{
    public LinkStanding Standing => Account?.State switch
    {
        null => LinkStanding.NotLinked,
        GrantState.Linked => LinkStanding.Linked,
        _ => LinkStanding.NeedsRelink,
    };

    /// <summary>Host of whoever granted it; null when nobody did.</summary>
    public string? Provider => Account is not { } account ? null : Uri.TryCreate(account.Issuer, UriKind.Absolute, out var issuer) ? issuer.Authority : account.Issuer;
}

/// <summary>How an account stands.</summary>
internal enum LinkStanding
{
    /// <summary>Agents act there as the person.</summary>
    Linked,

    /// <summary>It was linked, and does not count any more.</summary>
    NeedsRelink,

    /// <summary>It is not linked.</summary>
    NotLinked,
}
