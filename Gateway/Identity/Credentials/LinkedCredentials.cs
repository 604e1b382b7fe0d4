using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Linking;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Credentials;

/// <summary>The credentials of <c>auth: linkedAccount</c>: the person's own token from the vault, or where they link their account. Thread-safe.</summary>
internal sealed class LinkedCredentials(PersonVault vault, LinkInvitations invitations)
{
    public async ValueTask<CredentialResult> FindAsync(Caller caller, BackendDefinition backend, CancellationToken cancellationToken) =>
        caller.Person is { } person
            ? Read(person.Id, backend, await vault.FindAsync(new GrantKey(person.Id, backend.Id), cancellationToken), isRenewed: false)
            : Machine(backend);

    /// <summary>In the place of a credential that the backend refused: another token once; when that is refused as well, the person must link anew.</summary>
    public async ValueTask<CredentialResult> ReplaceAsync(
        Caller caller, BackendDefinition backend, CredentialResult.Granted rejected, CancellationToken cancellationToken)
    {
        if (caller.Person is not { } person)
            return Machine(backend);
        var key = new GrantKey(person.Id, backend.Id);
        var token = BearerHeader.TokenOf(rejected);
        if (!rejected.IsRenewed)
            return Read(person.Id, backend, await vault.RenewAsync(key, token, cancellationToken), isRenewed: true);
        await vault.GiveUpAsync(key, token, cancellationToken);
        return Ask(person.Id, backend, isAgain: true);
    }

    /// <summary>The person must link again for more scopes; those already granted are asked for as well.</summary>
    public CredentialResult AskForScopes(Caller caller, BackendDefinition backend, CredentialResult.Granted lacking, IReadOnlyList<string> scopes)
    {
        if (caller.Person is not { } person)
            return Machine(backend);
        var reason = $"The person's account at backend '{backend.Id}' is linked without what this takes there (scope '{string.Join(' ', scopes)}').";
        return new CredentialResult.LinkNeeded(reason, invitations.Invite(person.Id, backend.Id, scopes)) with { Account = lacking.Account };
    }

    private CredentialResult Read(PersonId person, BackendDefinition backend, VaultResult result, bool isRenewed) => result switch
    {
        // The backend's name may have passed to another server, which must not get what was granted to the one before.
        VaultResult.Granted granted when !backend.IsPartOf(granted.Resource) => Ask(person, backend, isAgain: true),
        VaultResult.Granted granted => new CredentialResult.Granted([BearerHeader.Of(granted.AccessToken.Reveal())])
        {
            Origin = CredentialOrigin.Person,
            Account = granted.LinkId,
            IsRenewed = isRenewed,
        },
        VaultResult.LinkNeeded needed => Ask(person, backend, needed.IsAgain),
        VaultResult.Unavailable unavailable => new CredentialResult.Refused(unavailable.Reason),
        _ => throw new InvalidOperationException("The vault answered in no known way."),
    };

    private CredentialResult.LinkNeeded Ask(PersonId person, BackendDefinition backend, bool isAgain) => new(
        isAgain
            ? $"The account that the person linked at backend '{backend.Id}' does not count there any more and must be linked anew."
            : $"Backend '{backend.Id}' acts with the person's own account there, and they have linked none yet.",
        invitations.Invite(person, backend.Id, []));

    private static CredentialResult.Refused Machine(BackendDefinition backend) =>
        new($"Backend '{backend.Id}' acts with a person's own account there, and this caller is no person; a person must call it.");
}
