using System.Collections.Concurrent;
using System.Data.Common;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;

namespace Cortex.Identity.Vault;

/// <summary>
/// Gets new tokens for a grant, once across all replicas:
/// 1. those who ask at one replica share one run, which goes on when they leave;
/// 2. one replica takes the grant's lock; the others wait for what it writes;
/// 3. the holder reads the row from the database, and is done when another has refreshed it;
/// 4. it notes in the row that it is about to ask (the intent), and asks the provider;
/// 5. tokens are on record before anyone gets them;
/// 6. without an answer it asks once more; a provider that then refuses has spent the refresh token, and the person is asked to link anew.
/// A holder that dies leaves its lock to end by itself (<see cref="Lease"/>) and its intent to be found: the next one does the same from step 4.
/// Thread-safe.
/// </summary>
internal sealed partial class GrantRefresh(
    GrantStore store, KnownGrants known, GrantSealing sealing, TokenEndpoint provider, ISharedState state, TimeProvider time, ILogger<GrantRefresh> logger)
{
    /// <summary>Longer than one question takes; extended before the second.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>How long a call waits for another replica: for a lock left behind, and two questions after that.</summary>
    private static readonly TimeSpan Patience = Lease + (2 * TokenEndpoint.Deadline) + TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WritePause = TimeSpan.FromMilliseconds(250);

    private const int MaxWrites = 12;

    private readonly ConcurrentDictionary<GrantKey, Lazy<Task<VaultResult>>> _running = new();

    /// <summary>Name of the lock of a grant.</summary>
    internal static string LockName(GrantKey key) => $"vault/refresh/{key}";

    /// <summary>Refreshes a grant unless it has been meanwhile.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="rejected">The access token that its server refused; null when it is only about to end.</param>
    /// <param name="cancellationToken">Ends the wait, not the refresh.</param>
    /// <exception cref="Cortex.Foundation.Sealing.SealingException">The grant does not open.</exception>
    public async Task<VaultResult> RunAsync(GrantKey key, Secret? rejected, CancellationToken cancellationToken)
    {
        var result = await JoinAsync(key, rejected, cancellationToken);

        // The run that was joined may have begun for a token that was older than the rejected one.
        return rejected is not null && result is VaultResult.Granted granted && granted.AccessToken.Reveal() == rejected.Reveal()
            ? await JoinAsync(key, rejected, cancellationToken)
            : result;
    }

    private Task<VaultResult> JoinAsync(GrantKey key, Secret? rejected, CancellationToken cancellationToken) =>
        _running.GetOrAdd(key, _ => new Lazy<Task<VaultResult>>(() => RunAndForgetAsync(key, rejected))).Value.WaitAsync(cancellationToken);

    private async Task<VaultResult> RunAndForgetAsync(GrantKey key, Secret? rejected)
    {
        try
        {
            return await RunAloneAsync(key, rejected);
        }
        catch (Exception exception) when (exception is SharedStateException or DbException)
        {
            Log.NotRefreshed(logger, exception, key.Backend.Value, "the gateway's storage failed");
            return NotNow(key);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }

    private async Task<VaultResult> RunAloneAsync(GrantKey key, Secret? rejected)
    {
        if (Settled(key, await known.ReadAsync(key, CancellationToken.None), rejected) is { } already)
            return already;
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Patience)
        {
            if (await state.TryLockAsync(LockName(key), Lease, CancellationToken.None) is { } held)
            {
                try
                {
                    if (await RefreshAsync(key, rejected, held) is { } result)
                        return result;
                }
                finally
                {
                    await ReleaseAsync(held);
                }
            }
            else if (Settled(key, await known.ReadAsync(key, CancellationToken.None), rejected) is { } result)
            {
                return result;
            }

            await Task.Delay(Pause, time);
        }

        Log.NotRefreshed(logger, null, key.Backend.Value, "another replica did not finish in time");
        return NotNow(key);
    }

    /// <summary>What a row says when nothing is left to do; null when the token is due or was rejected.</summary>
    private VaultResult? Settled(GrantKey key, GrantRow row, Secret? rejected)
    {
        if (row.State != GrantState.Linked)
            return new VaultResult.LinkNeeded(row.State == GrantState.NeedsRelink);
        return !row.IsDue(time.GetUtcNow()) && sealing.TryOpen(key, row, out var grant) && grant.AccessToken != rejected?.Reveal()
            ? VaultResult.Granted.Of(grant, row)
            : null;
    }

    /// <summary>With the lock: see the steps above. Null when the row was changed at the same time and is to be looked at again.</summary>
    private async Task<VaultResult?> RefreshAsync(GrantKey key, Secret? rejected, SharedLock held)
    {
        var row = await known.ReadStoredAsync(key, CancellationToken.None);
        if (Settled(key, row, rejected) is { } settled)
        {
            await known.TellAsync(key, row);
            return settled;
        }

        var grant = sealing.Open(key, row);
        if (grant.RefreshToken is null)
        {
            return rejected is null && !row.HasEnded(time.GetUtcNow())
                ? VaultResult.Granted.Of(grant, row)
                : await GiveUpAsync(key, row, "the provider gave no refresh token");
        }

        if (row.AskedFence is not null)
            Log.IntentFound(logger, key.Backend.Value);
        if (!await store.NoteAskingAsync(key, row, held.FencingToken, CancellationToken.None))
            return null;
        return await AskAsync(grant, held) switch
        {
            TokenResult.Received received => await KeepAsync(key, row, grant, received, held.FencingToken),
            TokenResult.Refused(var error) when IsFinal(error, grant.Client) => await GiveUpAsync(key, row, $"the provider answered '{error}'"),
            TokenResult.Refused(var error) => Failed(key, $"the provider answered '{error}'"),
            TokenResult.NoAnswer none => Failed(key, none.Reason),
            _ => throw new InvalidOperationException("A token endpoint answered in no known way."),
        };
    }

    private async Task<TokenResult> AskAsync(Grant grant, SharedLock held)
    {
        KeyValuePair<string, string>[] form = [new("grant_type", "refresh_token"), new("refresh_token", grant.RefreshToken!)];
        var answer = await provider.AskAsync(grant.Client, form, CancellationToken.None);
        return answer is TokenResult.NoAnswer { MayHaveActed: true } && await held.TryExtendAsync(Lease, CancellationToken.None)
            ? await provider.AskAsync(grant.Client, form, CancellationToken.None)
            : answer;
    }

    /// <summary>Puts tokens on record, in spite of a database that fails for a moment: they can't be had again.</summary>
    private async Task<VaultResult?> KeepAsync(GrantKey key, GrantRow row, Grant spent, TokenResult.Received received, long fence)
    {
        var grant = spent with { AccessToken = received.AccessToken, RefreshToken = received.RefreshToken ?? spent.RefreshToken };
        var terms = new GrantTerms(received.Scopes ?? row.Scopes, received.ExpiresAt);
        var record = sealing.Seal(key, row.Issuer, grant);
        for (var writes = 1; ; writes++)
        {
            try
            {
                if (await store.RenewAsync(key, row, record, terms, fence, CancellationToken.None) is not { } renewed)
                    return null;

                // A version between the two: it was given up meanwhile, and counts again.
                await known.TellAsync(key, renewed, isLinked: renewed.Version > row.Version + 1);
                return VaultResult.Granted.Of(grant, row);
            }
            catch (DbException exception) when (writes < MaxWrites)
            {
                Log.NotKept(logger, exception, key.Backend.Value);
                await Task.Delay(WritePause, time);
            }
        }
    }

    private async Task<VaultResult?> GiveUpAsync(GrantKey key, GrantRow row, string reason)
    {
        if (await store.MarkNeedsRelinkAsync(key, row, CancellationToken.None) is not { } marked)
            return null;
        Log.GivenUp(logger, key.Backend.Value, reason);
        await known.TellAsync(key, marked);
        return new VaultResult.LinkNeeded(IsAgain: true);
    }

    private VaultResult.Unavailable Failed(GrantKey key, string reason)
    {
        Log.NotRefreshed(logger, null, key.Backend.Value, reason);
        return NotNow(key);
    }

    private async Task ReleaseAsync(SharedLock held)
    {
        try
        {
            await held.DisposeAsync();
        }
        catch (SharedStateException exception)
        {
            Log.NotReleased(logger, exception);
        }
    }

    /// <summary>
    /// True for a refusal that linking anew mends. A configured client that the provider does not know is the operator's to mend, and no reason to
    /// throw everyone's grants away.
    /// </summary>
    private static bool IsFinal(string error, GrantClient client) =>
        error == "invalid_grant" || (client.IsRegistered && error is "invalid_client" or "unauthorized_client");

    private static VaultResult.Unavailable NotNow(GrantKey key) =>
        new($"The account linked at backend '{key.Backend}' could not be refreshed just now; the grant is kept. Try the same call again in a minute.");

    private static partial class Log
    {
        [LoggerMessage(3510, LogLevel.Warning, "A linked account of backend {Backend} could not be refreshed: {Reason}", EventName = "vault.not_refreshed")]
        public static partial void NotRefreshed(ILogger logger, Exception? exception, string backend, string reason);

        [LoggerMessage(3511, LogLevel.Warning, "A linked account of backend {Backend} is given up and must be linked anew: {Reason}", EventName = "vault.given_up")]
        public static partial void GivenUp(ILogger logger, string backend, string reason);

        [LoggerMessage(3512, LogLevel.Warning, "An earlier refresh of a linked account of backend {Backend} has left no answer; it is tried once more", EventName = "vault.intent_found")]
        public static partial void IntentFound(ILogger logger, string backend);

        [LoggerMessage(3513, LogLevel.Error, "New tokens of a linked account of backend {Backend} could not be written; it is tried again", EventName = "vault.not_kept")]
        public static partial void NotKept(ILogger logger, Exception exception, string backend);

        [LoggerMessage(3514, LogLevel.Warning, "The lock of a refresh could not be given back; it ends by itself", EventName = "vault.not_released")]
        public static partial void NotReleased(ILogger logger, Exception exception);
    }
}
