using System.Data.Common;
using Cortex.Foundation.Model;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking;

/// <summary>Puts into the vault what persons granted, and takes it out, each with its record. Thread-safe.</summary>
internal sealed partial class LinkedGrants(PersonVault vault, TokenEndpoint provider, LinkAudit audit, TimeProvider time, ILogger<LinkedGrants> logger)
{
    private const int MaxWrites = 12;

    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(250);

    /// <summary>Keeps a grant, in spite of a database that fails for a moment: its code can't be redeemed again.</summary>
    public async Task KeepAsync(GrantKey key, string issuer, Grant grant, GrantTerms terms)
    {
        for (var writes = 1; ; writes++)
        {
            try
            {
                await vault.LinkAsync(key, issuer, grant, terms, CancellationToken.None);
                break;
            }
            catch (DbException exception) when (writes < MaxWrites)
            {
                Log.NotKept(logger, exception, key.Backend.Value);
                await Task.Delay(WritePause, time);
            }
        }

        await audit.LinkedAsync(key.Person, key.Backend, terms.Scopes, $"at {issuer}");
    }

    /// <summary>Takes a grant back here, and then at the provider as far as it lets itself be told.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="why">For the record: who did it.</param>
    /// <param name="cancellationToken">Ends the attempt to begin, not what has begun.</param>
    public async Task<UnlinkResult> EndAsync(GrantKey key, string why, CancellationToken cancellationToken)
    {
        if (!(await vault.ListAsync(key.Person, cancellationToken)).Any(account => account.Backend == key.Backend))
            return new UnlinkResult.NothingLinked();
        var grant = await vault.UnlinkAsync(key, CancellationToken.None);
        var isRevoked = grant is not null && await provider.RevokeAsync(grant, CancellationToken.None);
        await audit.UnlinkedAsync(key.Person, key.Backend, isRevoked ? $"by {why}; revoked at the provider" : $"by {why}; not revoked at the provider");
        return new UnlinkResult.Unlinked(isRevoked);
    }

    /// <summary>Takes all of a person's grants back.</summary>
    public async Task EndAllAsync(PersonId person, string why, CancellationToken cancellationToken)
    {
        foreach (var account in await vault.ListAsync(person, cancellationToken))
            await EndAsync(new GrantKey(person, account.Backend), why, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(3623, LogLevel.Error, "A grant of backend {Backend} could not be written; it is tried again", EventName = "linking.not_kept")]
        public static partial void NotKept(ILogger logger, Exception exception, string backend);
    }
}
