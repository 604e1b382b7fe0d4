using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>The contract of locks, the same for both kinds of shared state.</summary>
[TestFixture(SharedStateKind.InProcess)]
[TestFixture(SharedStateKind.Redis)]
internal sealed class SharedStateLocksTests(SharedStateKind kind) : SharedStateContract(kind)
{
    [Test]
    public async Task Lock_is_held_by_one_until_it_is_disposed()
    {
        var first = await State.TryLockAsync("name", Long, default);
        Assert.That(first, Is.Not.Null);
        Assert.That(await State.TryLockAsync("name", Long, default), Is.Null);
        Assert.That(await State.TryLockAsync("other", Long, default), Is.Not.Null);

        await first!.DisposeAsync();
        Assert.That(await State.TryLockAsync("name", Long, default), Is.Not.Null);
    }

    [Test]
    public async Task Lock_by_64_at_once_is_taken_by_one()
    {
        var locks = await AtOnceAsync(async _ => await State.TryLockAsync("name", Long, default));
        Assert.That(locks.Count(taken => taken is not null), Is.EqualTo(1));
    }

    [Test]
    public async Task Lock_excludes_64_that_wait_for_each_other_and_its_tokens_grow()
    {
        var inside = 0;
        var tokens = new List<long>();
        var overlaps = await AtOnceAsync(async _ =>
        {
            SharedLock? held;
            while ((held = await State.TryLockAsync("name", Long, default)) is null)
            {
                await Task.Yield();
            }

            var overlap = Interlocked.Increment(ref inside) > 1;
            tokens.Add(held.FencingToken);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            await held.DisposeAsync();
            return overlap;
        });
        Assert.That(overlaps, Has.None.True);
        Assert.That(tokens, Has.Count.EqualTo(64).And.Ordered.Ascending.And.Unique);
    }

    [Test]
    public async Task Lock_whose_lease_ran_out_goes_to_another_and_the_first_can_neither_extend_nor_release_it()
    {
        var late = (await State.TryLockAsync("name", Short, default))!;
        SharedLock? next = null;
        Assert.That(await Subject.EventuallyAsync(async () => (next = await State.TryLockAsync("name", Long, default)) is not null));
        Assert.That(next!.FencingToken, Is.GreaterThan(late.FencingToken));

        Assert.That(await late.TryExtendAsync(Long, default), Is.False);
        await late.DisposeAsync();
        Assert.That(await State.TryLockAsync("name", Long, default), Is.Null);
        Assert.That(await next.TryExtendAsync(Long, default), Is.True);
    }

    [Test]
    public async Task Extend_keeps_the_lock_past_its_first_lease()
    {
        await using var extended = (await State.TryLockAsync("extended", Short, default))!;
        Assert.That(await extended.TryExtendAsync(Long, default), Is.True);
        await using var witness = await State.TryLockAsync("witness", Short, default);
        Assert.That(await Subject.EventuallyAsync(async () => await State.TryLockAsync("witness", Long, default) is not null));
        Assert.That(await State.TryLockAsync("extended", Long, default), Is.Null);
    }
}
