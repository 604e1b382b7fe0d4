using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Vault;

/// <summary>
/// What a replica that is killed at each step of a refresh leaves behind (its lock, the row, the provider's memory of a spent token), and what the
/// next one makes of it.
/// </summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class KilledReplicaTests(DatabaseDialect dialect)
{
    private VaultStage _stage = null!;
    private VaultReplica _killed = null!;
    private VaultReplica _next = null!;
    private GrantKey _key;

    [SetUp]
    public async Task StartAsync()
    {
        _stage = await VaultStage.StartAsync(dialect);
        _killed = await _stage.AddReplicaAsync();
        _next = await _stage.AddReplicaAsync();
        _key = await _stage.LinkAsync(_killed);
        await _next.TokenAsync(_key);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
    }

    [TearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Killed_with_the_lock_only_delays()
    {
        await LockAsync();

        Assert.That(await NextAsync(), Is.EqualTo("access-of-refresh-2"));
        Assert.That(_stage.Provider.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Killed_after_the_intent_and_before_the_provider_acted_costs_nothing()
    {
        await NoteAsync();

        Assert.That(await NextAsync(), Is.EqualTo("access-of-refresh-2"));
        Assert.That((await _next.Store.FindAsync(_key, default)).AskedFence, Is.Null);
    }

    [Test]
    public async Task Killed_between_the_rotation_and_the_write_costs_one_retry_and_ends_in_linking_anew_in_that_answer()
    {
        var (row, _) = await NoteAsync();
        await AskAsync(row);

        _stage.Clock.Advance(GrantRefresh.Lease);
        Assert.That(await _next.FindAsync(_key), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: true)));
        Assert.That((_stage.Provider.Requests, _stage.Provider.Refreshes), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task Killed_after_the_write_and_before_the_others_were_told_costs_nothing()
    {
        var (row, fence) = await NoteAsync();
        await RenewAsync(row, await AskAsync(row), fence);

        Assert.That(await NextAsync(), Is.EqualTo("access-of-refresh-2"));
        Assert.That(_stage.Provider.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Tokens_that_come_to_a_replica_which_had_lost_its_lock_win_over_the_refusal_that_the_next_one_got()
    {
        var (row, fence) = await NoteAsync();
        var received = await AskAsync(row);
        _stage.Clock.Advance(GrantRefresh.Lease);
        Assert.That(await _next.FindAsync(_key), Is.InstanceOf<VaultResult.LinkNeeded>());

        var renewed = await RenewAsync(row, received, fence);
        await _killed.Known.TellAsync(_key, renewed!);

        Assert.That(await _next.Known.ReadAsync(_key, default), Has.Property(nameof(GrantRow.State)).EqualTo(GrantState.Linked));
        Assert.That(await _killed.TokenAsync(_key), Is.EqualTo("access-of-refresh-2"));
    }

    [Test]
    public async Task Write_with_an_older_fencing_token_is_refused()
    {
        var (row, fence) = await NoteAsync();
        _stage.Clock.Advance(GrantRefresh.Lease);
        Assert.That(await _next.TokenAsync(_key), Is.EqualTo("access-of-refresh-2"));

        var late = new TokenResult.Received("late", "late", null, null);

        Assert.That(await RenewAsync(row, late, fence), Is.Null);
        Assert.That(await _killed.Store.NoteAskingAsync(_key, row, fence, default), Is.False);
        Assert.That(await _next.TokenAsync(_key), Is.EqualTo("access-of-refresh-2"));
    }

    private async Task<string?> NextAsync()
    {
        _stage.Clock.Advance(GrantRefresh.Lease);
        return await _next.TokenAsync(_key);
    }

    private async Task<long> LockAsync() => (await _killed.State.TryLockAsync(GrantRefresh.LockName(_key), GrantRefresh.Lease, default))!.FencingToken;

    private async Task<(GrantRow Row, long Fence)> NoteAsync()
    {
        var fence = await LockAsync();
        var row = await _killed.Store.FindAsync(_key, default);
        Assert.That(await _killed.Store.NoteAskingAsync(_key, row, fence, default));
        return (row, fence);
    }

    private async Task<TokenResult.Received> AskAsync(GrantRow row)
    {
        var grant = _killed.Sealing.Open(_key, row);
        return (TokenResult.Received)await _killed.Provider.AskAsync(
            grant.Client, [new("grant_type", "refresh_token"), new("refresh_token", grant.RefreshToken!)], default);
    }

    private Task<GrantRow?> RenewAsync(GrantRow row, TokenResult.Received received, long fence)
    {
        var grant = _killed.Sealing.Open(_key, row) with { AccessToken = received.AccessToken, RefreshToken = received.RefreshToken };
        return _killed.Store.RenewAsync(_key, row, _killed.Sealing.Seal(_key, row.Issuer, grant), new GrantTerms(row.Scopes, received.ExpiresAt), fence, default);
    }
}
