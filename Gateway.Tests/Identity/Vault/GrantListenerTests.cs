using System.Collections.Concurrent;
using System.Text;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Vault;

/// <summary>Who hears of a grant, at two replicas that share Redis.</summary>
internal sealed class GrantListenerTests
{
    private VaultStage _stage = null!;
    private VaultReplica _here = null!;
    private VaultReplica _there = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await VaultStage.StartAsync(DatabaseDialect.Sqlite, redis: true);
        _here = await _stage.AddReplicaAsync();
        _there = await _stage.AddReplicaAsync();
        Assert.That(await HeardAsync(VaultStage.NewKey()), "replicas hear each other");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Changes_of_a_grant_are_heard_once_at_every_replica_and_refreshes_are_not()
    {
        var key = VaultStage.NewKey();
        var (here, there) = (new ConcurrentQueue<GrantChange>(), new ConcurrentQueue<GrantChange>());
        using var atHere = _here.Listeners.Listen(key.Person, (_, change) => here.Enqueue(change));
        using var atThere = _there.Listeners.Listen(key.Person, (_, change) => there.Enqueue(change));

        await LinkAsync(key, TimeSpan.FromSeconds(-1));
        var refreshed = await _here.TokenAsync(key);
        await _here.Vault.UnlinkAsync(key, default);

        GrantChange[] expected = [GrantChange.Linked, GrantChange.Unlinked];
        Assert.That(refreshed, Is.Not.Null.And.Not.EqualTo("access-0"));
        Assert.That(await Eventually.HoldsAsync(() => there.Count >= expected.Length));
        Assert.That(await HeardAsync(VaultStage.NewKey()), "whatever was told before has come by now");
        Assert.That(here, Is.EqualTo(expected));
        Assert.That(there, Is.EqualTo(expected));
    }

    [Test]
    public async Task Grant_that_the_provider_refuses_is_told_as_one_to_link_anew()
    {
        var key = VaultStage.NewKey();
        var there = new ConcurrentQueue<GrantChange>();
        using var listening = _there.Listeners.Listen(key.Person, (_, change) => there.Enqueue(change));
        await LinkAsync(key, TimeSpan.FromSeconds(-1), _stage.NewGrant() with { RefreshToken = "unknown to the provider" });

        Assert.That(await _here.FindAsync(key), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: true)));

        Assert.That(await Eventually.HoldsAsync(() => there.Contains(GrantChange.NeedsRelink)));
    }

    [TestCase("")]
    [TestCase("/word-of-tomorrow/somebody/and-more")]
    public async Task Message_of_another_release_counts_as_a_change_of_which_nothing_is_known(string rest)
    {
        var key = VaultStage.NewKey();
        var there = new ConcurrentQueue<GrantChange>();
        using var listening = _there.Listeners.Listen(key.Person, (_, change) => there.Enqueue(change));

        await _here.State.PublishAsync("vault.grants", Encoding.ASCII.GetBytes(key + rest), default);

        Assert.That(await Eventually.HoldsAsync(() => !there.IsEmpty));
        Assert.That(there, Is.EqualTo(new[] { GrantChange.Unknown }));
    }

    /// <summary>True once the other replica has heard of this grant, and so of all that was told before.</summary>
    private async Task<bool> HeardAsync(GrantKey key)
    {
        var heard = false;
        using var listening = _there.Listeners.Listen(key.Person, (_, _) => heard = true);
        return await Eventually.HoldsAfterAsync(() => LinkAsync(key, TimeSpan.FromHours(1)), () => Volatile.Read(ref heard));
    }

    private Task LinkAsync(GrantKey key, TimeSpan life, Grant? grant = null) => _here.Vault.LinkAsync(
        key, VaultStage.Issuer, grant ?? _stage.NewGrant(), new GrantTerms("read", _stage.Clock.GetUtcNow() + life), default);
}
