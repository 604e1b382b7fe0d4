using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>The contract of keys and counters, the same for both kinds of shared state.</summary>
[TestFixture(SharedStateKind.InProcess)]
[TestFixture(SharedStateKind.Redis)]
internal sealed class SharedStateKeysTests(SharedStateKind kind) : SharedStateContract(kind)
{
    private static readonly byte[] One = [1, 0, 255];
    private static readonly byte[] Two = [2];

    [Test]
    public async Task Find_of_an_absent_key_is_null() =>
        Assert.That(await State.FindAsync("absent", default), Is.Null);

    [Test]
    public async Task Set_is_found_byte_for_byte_and_replaces()
    {
        await State.SetAsync("key", One, Long, default);
        Assert.That(await State.FindAsync("key", default), Is.EqualTo(One));

        await State.SetAsync("key", Two, Long, default);
        Assert.That(await State.FindAsync("key", default), Is.EqualTo(Two));
    }

    [Test]
    public async Task Set_of_an_empty_value_is_found_as_empty()
    {
        await State.SetAsync("key", Array.Empty<byte>(), Long, default);
        Assert.That(await State.FindAsync("key", default), Is.Not.Null.And.Empty);
    }

    [Test]
    public async Task Set_keeps_its_own_copy_of_the_value()
    {
        var value = One.ToArray();
        await State.SetAsync("key", value, Long, default);
        value[0] = 9;
        (await State.FindAsync("key", default))![0] = 9;
        Assert.That(await State.FindAsync("key", default), Is.EqualTo(One));
    }

    [Test]
    public async Task Key_expires()
    {
        await State.SetAsync("key", One, Short, default);
        Assert.That(await State.FindAsync("key", default), Is.EqualTo(One));
        Assert.That(await Subject.EventuallyAsync(async () => await State.FindAsync("key", default) is null));
        Assert.That(await State.TryAddAsync("key", Two, Long, default), Is.True);
    }

    [Test]
    public async Task Touch_restarts_the_expiry_and_tells_an_absent_key()
    {
        await State.SetAsync("touched", One, Short, default);
        await State.SetAsync("witness", One, Short, default);
        Assert.That(await State.TouchAsync("touched", Long, default), Is.True);
        Assert.That(await Subject.EventuallyAsync(async () => await State.FindAsync("witness", default) is null));
        Assert.That(await State.FindAsync("touched", default), Is.EqualTo(One));
        Assert.That(await State.TouchAsync("witness", Long, default), Is.False);
    }

    [Test]
    public async Task Touch_can_shorten_the_lifetime()
    {
        await State.SetAsync("key", One, Long, default);
        await State.TouchAsync("key", Short, default);
        Assert.That(await Subject.EventuallyAsync(async () => await State.FindAsync("key", default) is null));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Set_without_a_lifetime_is_refused(int seconds) =>
        Assert.That(async () => await State.SetAsync("key", One, TimeSpan.FromSeconds(seconds), default), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public async Task TryAdd_writes_only_an_absent_key()
    {
        Assert.That(await State.TryAddAsync("key", One, Long, default), Is.True);
        Assert.That(await State.TryAddAsync("key", Two, Long, default), Is.False);
        Assert.That(await State.FindAsync("key", default), Is.EqualTo(One));
    }

    [Test]
    public async Task TryReplace_wants_the_expected_value()
    {
        Assert.That(await State.TryReplaceAsync("key", One, Two, Long, default), Is.False, "absent");
        await State.SetAsync("key", One, Long, default);
        Assert.That(await State.TryReplaceAsync("key", Two, Two, Long, default), Is.False, "different");
        Assert.That(await State.TryReplaceAsync("key", One, Two, Long, default), Is.True);
        Assert.That(await State.FindAsync("key", default), Is.EqualTo(Two));
    }

    [Test]
    public async Task Remove_tells_whether_the_key_was_there()
    {
        await State.SetAsync("key", One, Long, default);
        Assert.That(await State.RemoveAsync("key", default), Is.True);
        Assert.That(await State.RemoveAsync("key", default), Is.False);
        Assert.That(await State.FindAsync("key", default), Is.Null);
    }

    [Test]
    public async Task Take_by_64_takers_gives_the_value_to_one()
    {
        await State.SetAsync("key", One, Long, default);
        var taken = await AtOnceAsync(async _ => await State.TakeAsync("key", default));
        Assert.That(taken.Where(value => value is not null), Is.EqualTo(new[] { One }));
    }

    [Test]
    public async Task TryAdd_by_64_at_once_succeeds_for_one()
    {
        var added = await AtOnceAsync(async number => await State.TryAddAsync("key", new[] { (byte)number }, Long, default));
        Assert.That(added.Count(success => success), Is.EqualTo(1));
        Assert.That(await State.FindAsync("key", default), Is.EqualTo(new[] { (byte)Array.IndexOf(added, true) }));
    }

    [Test]
    public async Task TryReplace_by_64_at_once_succeeds_for_one()
    {
        await State.SetAsync("key", One, Long, default);
        var replaced = await AtOnceAsync(async number => await State.TryReplaceAsync("key", One, new[] { (byte)number }, Long, default));
        Assert.That(replaced.Count(success => success), Is.EqualTo(1));
        Assert.That(await State.FindAsync("key", default), Is.EqualTo(new[] { (byte)Array.IndexOf(replaced, true) }));
    }

    [Test]
    public async Task Increment_by_64_at_once_loses_none()
    {
        var counts = await AtOnceAsync(async _ => await State.IncrementAsync("counter", 2, Long, default));
        Assert.That(counts.Order(), Is.EqualTo(Enumerable.Range(1, 64).Select(number => 2L * number)));
        Assert.That(await State.FindAsync("counter", default), Is.EqualTo("128"u8.ToArray()));
    }

    [Test]
    public async Task Increment_lives_from_the_first_one_on()
    {
        await State.IncrementAsync("counter", 1, Short, default);
        await State.IncrementAsync("counter", 1, Long, default);
        Assert.That(await Subject.EventuallyAsync(async () => await State.FindAsync("counter", default) is null));
        Assert.That(await State.IncrementAsync("counter", -3, Long, default), Is.EqualTo(-3));
    }

    [Test]
    public async Task Increment_of_a_key_that_is_no_counter_is_an_error()
    {
        await State.SetAsync("key", "text"u8.ToArray(), Long, default);
        Assert.That(async () => await State.IncrementAsync("key", 1, Long, default), Throws.InstanceOf<SharedStateException>());
    }
}
