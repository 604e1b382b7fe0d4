using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Foundation.Sealing;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Vault;

/// <summary>A change of the vault's key while calls go on.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class GrantResealingTests(DatabaseDialect dialect)
{
    private static readonly SealingKey Second = TestKeys.Key("second", 2);

    private VaultStage _stage = null!;

    [SetUp]
    public async Task StartAsync() => _stage = await VaultStage.StartAsync(dialect, redis: dialect == DatabaseDialect.PostgreSql);

    [TearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Key_is_added_promoted_and_dropped_without_anyone_linking_again()
    {
        var added = await _stage.AddReplicaAsync(VaultStage.Key, Second);
        var promoted = await _stage.AddReplicaAsync(Second, VaultStage.Key);
        var early = await _stage.LinkAsync(added);
        Assert.That(await promoted.TokenAsync(early), Is.EqualTo("access-0"), "sealed under the old key, which still opens");
        var late = await _stage.LinkAsync(promoted);
        Assert.That(await added.TokenAsync(late), Is.EqualTo("access-0"), "sealed under the new key, which opens before it seals");

        await promoted.Resealing.RunAsync(default);

        Assert.That(await promoted.Store.ListKeyIdsAsync(default), Is.EqualTo(new[] { "second" }));
        var dropped = await _stage.AddReplicaAsync(Second);
        await dropped.Preparation.PrepareAsync(default);
        foreach (var key in new[] { early, late })
        {
            Assert.That(await dropped.TokenAsync(key), Is.EqualTo("access-0"));
            Assert.That(await added.TokenAsync(key), Is.EqualTo("access-0"));
        }

        _stage.Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await dropped.TokenAsync(early), Does.StartWith("access-of-refresh"), "the refresh token was sealed anew as well");
    }

    [Test]
    public async Task Grant_whose_key_is_missing_is_left_as_it_is_and_the_others_are_sealed_anew()
    {
        var other = await _stage.AddReplicaAsync(TestKeys.Key("lost", 9));
        var first = await _stage.AddReplicaAsync();
        var lost = await _stage.LinkAsync(other);
        var kept = await _stage.LinkAsync(first);
        var before = await first.Store.FindAsync(lost, default);
        var promoted = await _stage.AddReplicaAsync(Second, VaultStage.Key);

        await promoted.Resealing.RunAsync(default);

        var after = await first.Store.FindAsync(lost, default);
        Assert.That((after.Version, after.KeyId, after.Sealed), Is.EqualTo((before.Version, "lost", before.Sealed)));
        Assert.That((await first.Store.FindAsync(kept, default)).KeyId, Is.EqualTo("second"));
        Assert.That(await other.TokenAsync(lost), Is.EqualTo("access-0"));
    }

    [Test]
    public async Task Key_changes_while_a_refresh_is_under_way_and_neither_undoes_the_other()
    {
        var promoted = await _stage.AddReplicaAsync(Second, VaultStage.Key);
        var first = await _stage.AddReplicaAsync(VaultStage.Key, Second);
        var key = await _stage.LinkAsync(first);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        _stage.Provider.Answering = () => promoted.Resealing.RunAsync(default);

        Assert.That(await first.TokenAsync(key), Is.EqualTo("access-of-refresh-2"));
        Assert.That(await promoted.TokenAsync(key), Is.EqualTo("access-of-refresh-2"));
    }
}
