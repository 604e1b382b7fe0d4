using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>The keys of two replicas on one database, over months. On both databases.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class KeyRotationTests(DatabaseDialect dialect)
{
    private readonly VaultKeyOptions _key = new() { Id = "one", Key = new Cortex.Foundation.Model.Secret(new string('1', 64)) };
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private TestDatabase _test = null!;
    private string _folder = "";

    [SetUp]
    public async Task CreateAsync()
    {
        _test = await TestDatabase.CreateAsync(dialect);
        _folder = Directory.CreateTempSubdirectory("cortex-rotation-").FullName;
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        await _test.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Keys_change_on_schedule_with_overlap_and_both_replicas_agree()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var first = one.Keys.Active(KeyPurpose.Issuer).KeyId;

        await PassAsync(TimeSpan.FromDays(90), one, two);
        var announced = one.Keys.All(KeyPurpose.Issuer).Select(key => key.KeyId).ToArray();
        Assert.That((announced.Length, announced[0]), Is.EqualTo((2, first)));

        await PassAsync(TimeSpan.FromDays(1), one, two);
        Assert.That(one.Keys.All(KeyPurpose.Issuer).Select(key => key.KeyId), Is.EqualTo(new[] { announced[1], first }));

        await PassAsync(TimeSpan.FromDays(15), one, two);
        Assert.That(one.Keys.All(KeyPurpose.Issuer).Select(key => key.KeyId), Is.EqualTo(new[] { announced[1] }));
        Assert.That((one.Keys.All(KeyPurpose.Identity).Count, one.Keys.Encryption.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Restart_keeps_the_keys_in_the_middle_of_a_rotation()
    {
        string before;
        await using (var one = await StartAsync())
        {
            await one.Get<KeyRotation>().RotateAllAsync();
            before = Describe(one);
        }

        await using var again = await StartAsync();
        Assert.That(Describe(again), Is.EqualTo(before));
        Assert.That(again.Keys.All(KeyPurpose.Identity), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Rotation_that_an_operator_asks_for_waits_for_the_announcement_like_any_other()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var first = one.Keys.Active(KeyPurpose.Identity).KeyId;

        await one.Get<KeyRotation>().RotateAllAsync();
        await two.Get<KeyRotation>().RunAsync(CancellationToken.None);

        Assert.That(Describe(two), Is.EqualTo(Describe(one)));
        Assert.That(two.Keys.Active(KeyPurpose.Identity).KeyId, Is.EqualTo(first));
        await PassAsync(TimeSpan.FromDays(1), one, two);
        Assert.That(two.Keys.Active(KeyPurpose.Identity).KeyId, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Change_is_told_once_and_a_quiet_minute_changes_nothing()
    {
        await using var one = await StartAsync();
        var token = one.Keys.ChangeToken;
        var active = one.Keys.Active(KeyPurpose.Issuer);

        await one.Get<KeyRotation>().RunAsync(CancellationToken.None);
        Assert.That(token.HasChanged, Is.False);
        Assert.That(one.Keys.Active(KeyPurpose.Issuer), Is.SameAs(active));

        await one.Get<KeyRotation>().RotateAllAsync();
        Assert.That((token.HasChanged, one.Keys.ChangeToken.HasChanged), Is.EqualTo((true, false)));
    }

    private Task<SealingReplica> StartAsync() => SealingReplica.StartAsync(_test.Address, _folder, _time, _key);

    /// <summary>Lets time go by, then a round at both at once, and one more for what the other made meanwhile.</summary>
    private async Task PassAsync(TimeSpan span, params SealingReplica[] replicas)
    {
        _time.Advance(span);
        for (var round = 0; round < 2; round++)
            await Task.WhenAll(replicas.Select(replica => Task.Run(() => replica.Get<KeyRotation>().RunAsync(CancellationToken.None))));
        Assert.That(replicas.Select(Describe).Distinct().Count(), Is.EqualTo(1));
    }

    private static string Describe(SealingReplica replica) => string.Join(' ', replica.Keys.All(KeyPurpose.Issuer).Select(key => key.KeyId)
        .Concat(replica.Keys.All(KeyPurpose.Identity).Select(key => key.KeyId))
        .Concat(replica.Keys.Encryption.Select(key => key.KeyId)));
}
