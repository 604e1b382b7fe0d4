using System.Diagnostics;
using Cortex.Foundation.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>What expired keys cost the process.</summary>
internal sealed class InProcessExpiryTests
{
    private static readonly byte[] Value = [1];

    [Test]
    public async Task Sweep_gives_back_three_hundred_thousand_expired_keys_and_leaves_the_others()
    {
        var clock = new FakeTimeProvider();
        await using var state = new InProcessSharedState(clock, NullLogger<InProcessSharedState>.Instance);
        for (var number = 0; number < 300_000; number++)
        {
            await state.SetAsync($"short{number}", Value, TimeSpan.FromSeconds(10), default);
        }

        await state.SetAsync("long", Value, TimeSpan.FromHours(1), default);
        var started = Stopwatch.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(10) + InProcessSharedState.SweepInterval);

        Assert.That(state.Count, Is.EqualTo(1));
        Assert.That(await state.FindAsync("long", default), Is.EqualTo(Value));
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Room_of_expired_keys_is_given_back_and_those_left_are_still_found()
    {
        var keys = new ExpiringKeys();
        for (var number = 0; number < 100_000; number++)
            keys.Set($"key{number}", Value, TimeSpan.FromSeconds(number % 100 == 0 ? 20 : 10));
        while (keys.Sweep(TimeSpan.FromSeconds(10), limit: 1024))
        {
            Assert.That(keys.Room, Is.GreaterThanOrEqualTo(keys.Count));
        }

        Assert.That(keys.Count, Is.EqualTo(1_000));
        Assert.That(keys.Room, Is.LessThan(5_000));
        for (var number = 0; number < 100_000; number += 100)
            Assert.That(keys.Find($"key{number}", TimeSpan.FromSeconds(19)), Is.EqualTo(Value));
    }

    [Test]
    public void Key_that_is_touched_all_the_time_keeps_one_place_in_the_heap()
    {
        var keys = new ExpiringKeys();
        for (var second = 1; second <= 100_000; second++)
        {
            keys.Set("key", Value, TimeSpan.FromSeconds(second));
        }

        Assert.That(keys.Places, Is.EqualTo(1));
        Assert.That(keys.Sweep(TimeSpan.FromSeconds(99_999), limit: 10), Is.False);
        Assert.That(keys.Find("key", TimeSpan.FromSeconds(99_999)), Is.EqualTo(Value));
    }

    [Test]
    public void Places_of_removed_keys_are_given_back_before_their_time()
    {
        var keys = new ExpiringKeys();
        for (var number = 0; number < 100_000; number++)
        {
            keys.Set($"key{number}", Value, TimeSpan.FromHours(1));
            keys.Remove($"key{number}");
        }

        Assert.That(keys.Places, Is.LessThan(2_000));
    }

    [Test]
    public void Remnant_of_a_removed_key_does_not_take_the_next_key_of_that_name_with_it()
    {
        var keys = new ExpiringKeys();
        keys.Set("key", Value, TimeSpan.FromSeconds(20));
        keys.Set("key", Value, TimeSpan.FromSeconds(10));
        keys.Set("key", Value, TimeSpan.FromSeconds(20));
        keys.Sweep(TimeSpan.FromSeconds(10), limit: 10);
        keys.Sweep(TimeSpan.FromSeconds(20), limit: 1);
        keys.Set("key", Value, TimeSpan.FromSeconds(60));
        keys.Sweep(TimeSpan.FromSeconds(21), limit: 10);
        Assert.That(keys.Find("key", TimeSpan.FromSeconds(21)), Is.EqualTo(Value));
    }

    [Test]
    public void Keys_with_random_lifetimes_are_found_exactly_until_their_deadline()
    {
        var random = new Random(4711);
        var keys = new ExpiringKeys();
        var model = new Dictionary<string, TimeSpan>();
        for (var second = 0; second < 20_000; second++)
        {
            var now = TimeSpan.FromSeconds(second);
            var key = $"key{random.Next(50)}";
            if (random.Next(4) == 0)
            {
                keys.Remove(key);
                model.Remove(key);
            }
            else
            {
                model[key] = now + TimeSpan.FromSeconds(random.Next(1, 40));
                keys.Set(key, Value, model[key]);
            }

            keys.Sweep(now, limit: 3);
            var wrong = Enumerable.Range(0, 50)
                .Select(number => $"key{number}")
                .FirstOrDefault(name => keys.Find(name, now) is not null != (model.TryGetValue(name, out var deadline) && deadline > now));
            Assert.That(wrong, Is.Null);
        }
    }
}
