using System.Diagnostics;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Foundation.Sealing;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Vault;

/// <summary>Grants that are kept, copied, taken back and tampered with, at two replicas.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class PersonVaultTests(DatabaseDialect dialect)
{
    private VaultStage _stage = null!;
    private VaultReplica _here = null!;
    private VaultReplica _there = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await VaultStage.StartAsync(dialect, redis: dialect == DatabaseDialect.PostgreSql);
        _here = await _stage.AddReplicaAsync();
        _there = await _stage.AddReplicaAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Grant_counts_at_every_replica_until_it_is_taken_back_and_again_when_linked_anew()
    {
        var key = VaultStage.NewKey();
        Assert.That(await _there.FindAsync(key), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: false)));

        await LinkAsync(key, "one");
        Assert.That(await _here.TokenAsync(key), Is.EqualTo("one"));
        Assert.That(await SeesAsync(_there, key, "one"));

        Assert.That((await _here.Vault.UnlinkAsync(key, default))?.AccessToken, Is.EqualTo("one"));
        Assert.That(await _here.TokenAsync(key), Is.Null);
        Assert.That(await SeesAsync(_there, key, null));
        Assert.That(await _there.Vault.UnlinkAsync(key, default), Is.Null);

        await LinkAsync(key, "two");
        Assert.That(await SeesAsync(_there, key, "two"));
        Assert.That(await _here.TokenAsync(key), Is.EqualTo("two"));
    }

    [Test]
    public async Task Persons_see_their_own_accounts_without_tokens()
    {
        var key = await _stage.LinkAsync(_here);
        await _stage.LinkAsync(_here);

        var accounts = await _there.Vault.ListAsync(key.Person, default);

        Assert.That(accounts, Has.Count.EqualTo(1));
        Assert.That((accounts[0].Backend, accounts[0].Issuer, accounts[0].State, accounts[0].Scopes), Is.EqualTo((key.Backend, VaultStage.Issuer, GrantState.Linked, "read write")));
    }

    [Test]
    public async Task Warm_call_asks_the_database_nothing_and_neither_does_the_first_at_another_replica()
    {
        var key = await _stage.LinkAsync(_here);
        await _here.TokenAsync(key);
        var (here, there) = (_here.Database.Opened, _there.Database.Opened);

        const int Calls = 1000;
        var since = Stopwatch.StartNew();
        for (var call = 0; call < Calls; call++)
            await _here.TokenAsync(key);
        TestContext.Out.WriteLine($"A warm call takes {since.Elapsed.TotalMicroseconds / Calls:0.0} µs of the vault.");
        Assert.That(await _there.TokenAsync(key), Is.EqualTo("access-0"));

        Assert.That((_here.Database.Opened - here, _there.Database.Opened - there), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Record_swapped_in_the_database_is_nobodys_and_is_left_as_it_is()
    {
        var victim = await _stage.LinkAsync(_here);
        var thief = await _stage.LinkAsync(_here);
        await using var connection = await _stage.Database.OpenAsync(default);
        await connection.ExecuteAsync(
            "UPDATE linked_accounts SET sealed = (SELECT sealed FROM linked_accounts WHERE person_id = @Victim) WHERE person_id = @Thief",
            new { Victim = victim.Person.Value, Thief = thief.Person.Value });
        var before = await _here.Store.FindAsync(thief, default);
        await _here.Known.ReplaceAsync(thief, default);

        Assert.That(await _here.FindAsync(thief), Is.InstanceOf<VaultResult.Unavailable>());
        Assert.That((await _here.Store.FindAsync(thief, default)).Version, Is.EqualTo(before.Version));
        Assert.That(await _here.TokenAsync(victim), Is.EqualTo("access-0"));
    }

    [Test]
    public async Task Copy_swapped_in_shared_state_is_seen_through_and_the_database_counts([Values] bool newer)
    {
        var victim = await _stage.LinkAsync(_here, _stage.NewGrant("of-the-victim"));
        var thief = await _stage.LinkAsync(_here, _stage.NewGrant("of-the-thief"));
        var stolen = await _here.Store.FindAsync(victim, default);
        var forged = stolen with { Person = thief.Person.Value, Version = newer ? long.MaxValue : 1 };
        await _here.State.SetAsync(
            $"vault/grant/{thief}", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(forged, GrantJson.Default.GrantRow), TimeSpan.FromMinutes(5), default);

        Assert.That(await _there.TokenAsync(thief), Is.EqualTo("of-the-thief"));
    }

    [Test]
    public async Task Wrong_key_says_which_is_missing_and_touches_nothing()
    {
        var key = await _stage.LinkAsync(_here);
        var before = await _here.Store.FindAsync(key, default);
        await using var wrong = await _stage.AddReplicaAsync(TestKeys.Key("second", 2));

        Assert.That(() => wrong.Preparation.PrepareAsync(default), Throws.InstanceOf<SealingException>().With.Message.Contain("under the key 'first', which is not at hand"));
        Assert.That(await wrong.FindAsync(key), Is.InstanceOf<VaultResult.Unavailable>());
        var after = await _here.Store.FindAsync(key, default);
        Assert.That((after.Version, after.StateName, after.Sealed), Is.EqualTo((before.Version, before.StateName, before.Sealed)));
        Assert.That(await _here.TokenAsync(key), Is.EqualTo("access-0"));
    }

    [Test]
    public async Task Key_added_in_front_opens_what_the_old_one_sealed()
    {
        var key = await _stage.LinkAsync(_here);
        await using var rotated = await _stage.AddReplicaAsync(TestKeys.Key("second", 2), VaultStage.Key);

        await rotated.Preparation.PrepareAsync(default);

        Assert.That(await rotated.TokenAsync(key), Is.EqualTo("access-0"));
    }

    private static async Task<bool> SeesAsync(VaultReplica replica, GrantKey key, string? token)
    {
        var last = await replica.TokenAsync(key);
        return await Eventually.HoldsAfterAsync(async () => last = await replica.TokenAsync(key), () => last == token);
    }

    private Task LinkAsync(GrantKey key, string accessToken) => _here.Vault.LinkAsync(
        key, VaultStage.Issuer, _stage.NewGrant(accessToken), new GrantTerms("read", _stage.Clock.GetUtcNow().AddHours(1)), default);
}
