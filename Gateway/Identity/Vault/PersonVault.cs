using System.Data.Common;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Identity.Callers;

namespace Cortex.Identity.Vault;

/// <summary>Persons' own grants at third-party servers: see the README beside it. Thread-safe.</summary>
internal sealed partial class PersonVault(
    GrantStore store, KnownGrants known, GrantSealing sealing, GrantRefresh refresh, TimeProvider time, ILogger<PersonVault> logger)
{
    private const int MaxResting = 10_000;

    /// <summary>How long a token that still counts is used on after its early refresh failed.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly ExpiringCache<GrantKey, VaultResult.Unavailable> _resting = new(MaxResting, time);

    /// <summary>The token by which a person speaks to a backend, refreshed ahead of its end.</summary>
    public async ValueTask<VaultResult> FindAsync(GrantKey key, CancellationToken cancellationToken)
    {
        try
        {
            var row = await known.FindAsync(key, cancellationToken);
            Grant? grant = null;
            if (row.State == GrantState.Linked && !sealing.TryOpen(key, row, out grant))
                row = await known.ReplaceAsync(key, cancellationToken);
            if (row.State != GrantState.Linked)
                return new VaultResult.LinkNeeded(row.State == GrantState.NeedsRelink);
            var present = VaultResult.Granted.Of(grant ?? sealing.Open(key, row), row);
            var now = time.GetUtcNow();
            if (!row.IsDue(now) || (!row.HasEnded(now) && _resting.TryGet(key, out _)))
                return present;

            var refreshed = await refresh.RunAsync(key, rejected: null, cancellationToken);
            if (refreshed is not VaultResult.Unavailable unavailable || row.HasEnded(time.GetUtcNow()))
                return refreshed;
            _resting.Set(key, unavailable, time.GetUtcNow() + Rest);
            return present;
        }
        catch (SealingException exception)
        {
            return Unreadable(key, exception);
        }
        catch (DbException exception)
        {
            Log.NoDatabase(logger, exception);
            return new VaultResult.Unavailable($"The account linked at backend '{key.Backend}' can't be looked up just now. Try the same call again in a minute.");
        }
    }

    /// <summary>Another token in place of one that the server has refused.</summary>
    public async Task<VaultResult> RenewAsync(GrantKey key, Secret rejected, CancellationToken cancellationToken)
    {
        try
        {
            return await refresh.RunAsync(key, rejected, cancellationToken);
        }
        catch (SealingException exception)
        {
            return Unreadable(key, exception);
        }
    }

    /// <summary>The server refuses even a token that has just come: the grant is given up, and the person must link anew. One that has been replaced meanwhile stays.</summary>
    public async Task GiveUpAsync(GrantKey key, Secret rejected, CancellationToken cancellationToken)
    {
        try
        {
            var row = await known.ReadStoredAsync(key, cancellationToken);
            if (row.State != GrantState.Linked || !sealing.TryOpen(key, row, out var grant) || grant.AccessToken != rejected.Reveal()
                || await store.MarkNeedsRelinkAsync(key, row, cancellationToken) is not { } marked)
                return;
            Log.GivenUp(logger, key.Backend.Value);
            await known.TellAsync(key, marked);
        }
        catch (DbException exception)
        {
            Log.NoDatabase(logger, exception);
        }
    }

    /// <summary>Keeps a grant that the person has just given, in place of any other; on record when this returns.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="issuer">The provider's issuer, checked.</param>
    /// <param name="grant">Tokens and client.</param>
    /// <param name="terms">What the provider says about them.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task LinkAsync(GrantKey key, string issuer, Grant grant, GrantTerms terms, CancellationToken cancellationToken) =>
        await known.TellAsync(key, await store.LinkAsync(key, issuer, sealing.Seal(key, issuer, grant), terms, cancellationToken), isLinked: true);

    /// <summary>Takes a grant back: no replica uses it any more. The grant as it was, to be revoked at the provider; null when there was none, or its tokens are lost.</summary>
    public async Task<Grant?> UnlinkAsync(GrantKey key, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await store.FindAsync(key, cancellationToken);
            if (row.State == GrantState.Unlinked)
                return null;
            if (await store.UnlinkAsync(key, row, cancellationToken) is not { } unlinked)
                continue;
            await known.TellAsync(key, unlinked);
            return sealing.TryOpen(key, row, out var grant) ? grant : null;
        }
    }

    /// <summary>What a person has linked, by backend.</summary>
    public async Task<IReadOnlyList<LinkedAccount>> ListAsync(PersonId person, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(person, cancellationToken)).Select(row => new LinkedAccount(
            BackendId.Parse(row.Backend), row.Issuer, row.State, row.Scopes, DateTimeOffset.FromUnixTimeMilliseconds(row.LinkedAt)))];

    private VaultResult.Unavailable Unreadable(GrantKey key, SealingException exception)
    {
        Log.Unreadable(logger, exception);
        return new VaultResult.Unavailable($"The account linked at backend '{key.Backend}' can't be read at the moment; an operator must look at the vault's keys.");
    }

    private static partial class Log
    {
        [LoggerMessage(3520, LogLevel.Error, "A linked account can't be read", EventName = "vault.unreadable")]
        public static partial void Unreadable(ILogger logger, Exception exception);

        [LoggerMessage(3522, LogLevel.Warning, "Backend {Backend} refuses even a fresh token of a linked account, which must be linked anew", EventName = "vault.refused")]
        public static partial void GivenUp(ILogger logger, string backend);

        [LoggerMessage(3521, LogLevel.Error, "Linked accounts can't be looked up", EventName = "vault.no_database")]
        public static partial void NoDatabase(ILogger logger, Exception exception);
    }
}
