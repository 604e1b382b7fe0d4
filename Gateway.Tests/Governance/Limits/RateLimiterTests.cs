using System.Diagnostics.Metrics;
using Cortex.Foundation.Storage;
using Cortex.Governance.Limits;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Foundation.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Limits;

/// <summary>Limits over one and several replicas, with and without the state they share.</summary>
internal sealed class RateLimiterTests
{
    private static readonly LimitRule Small = LimitRule.Per("small", 5, TimeSpan.FromMinutes(1));
    private static readonly LimitRule Large = new("large", 6_000, TimeSpan.FromMinutes(1), 1_000);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    [Test]
    public async Task Requests_up_to_the_limit_pass_and_the_next_is_told_how_long_to_wait()
    {
        await using var state = State();
        var limiter = Replica(state);

        Assert.That(await CountAsync(limiter, Small, "a", 5), Is.EqualTo(5));
        var refused = (LimitDecision.Refused)await limiter.TakeAsync(Small, "a", default);
        Assert.That((refused.Limit, refused.RetryAfterSeconds), Is.EqualTo(("small", 12L)));

        _time.Advance(TimeSpan.FromSeconds(12));
        Assert.That(await CountAsync(limiter, Small, "a", 5), Is.EqualTo(1));
    }

    [Test]
    public async Task Refusals_are_counted_by_the_name_of_the_limit_alone()
    {
        await using var state = State();
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "cortex.limits.refused")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var labels = tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").ToArray();
            if (labels.Contains("limit=counted"))
                counted.Add(string.Join(' ', labels));
        });
        listener.Start();

        await CountAsync(Replica(state), Small with { Name = "counted" }, "secret subject", 7);

        Assert.That(counted, Is.EqualTo(new[] { "limit=counted", "limit=counted" }));
    }

    [Test]
    public async Task Subjects_and_limits_do_not_count_for_each_other()
    {
        await using var state = State();
        var limiter = Replica(state);
        await CountAsync(limiter, Small, "a", 9);

        Assert.That(await CountAsync(limiter, Small, "b", 9), Is.EqualTo(5));
        Assert.That(await CountAsync(limiter, Small with { Name = "other" }, "a", 9), Is.EqualTo(5));
    }

    [Test]
    public async Task Limit_that_is_off_refuses_nobody_and_asks_nobody()
    {
        await using var state = State();
        var counting = new CountingState(state);

        Assert.That(await CountAsync(Replica(counting), Small with { Count = 0 }, "a", 1_000), Is.EqualTo(1_000));
        Assert.That(counting.Calls, Is.Zero);
    }

    [Test]
    public async Task Call_under_the_limit_costs_next_to_no_round_trips_and_a_flood_none()
    {
        await using var state = State();
        var counting = new CountingState(state);
        var limiter = Replica(counting);

        Assert.That(await CountAsync(limiter, Large, "a", 1_000), Is.EqualTo(1_000));
        Assert.That(counting.Calls, Is.EqualTo(1_000 / Large.Share * 2), "a read and a write for each share");

        await limiter.TakeAsync(Large, "a", default);
        var before = counting.Calls;
        Assert.That(await CountAsync(limiter, Large, "a", 10_000), Is.Zero);
        Assert.That(counting.Calls, Is.EqualTo(before));
    }

    [Test]
    public async Task Requests_that_wait_at_once_share_one_draw()
    {
        await using var state = State();
        var counting = new CountingState(state);
        var limiter = Replica(counting);

        await Task.WhenAll(Enumerable.Range(0, Large.Share).Select(_ => Task.Run(async () => await limiter.TakeAsync(Large, "a", default))));

        Assert.That(counting.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task Replicas_together_let_through_one_burst()
    {
        await using var state = State();
        RateLimiter[] replicas = [Replica(state), Replica(state), Replica(state)];

        var passed = 0;
        for (var round = 0; round < 1_000; round++)
        {
            foreach (var replica in replicas)
                passed += await CountAsync(replica, Large, "a", 1);
        }

        Assert.That(passed, Is.EqualTo(1_000));
    }

    [Test]
    public async Task Replicas_never_exceed_the_stated_bound_while_time_passes()
    {
        await using var state = State();
        RateLimiter[] replicas = [Replica(state), Replica(state), Replica(state)];
        await CountAsync(replicas[0], Large, "a", 1_100);
        await CountAsync(replicas[1], Large, "a", 1_100);

        var passed = 0;
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            foreach (var replica in replicas)
                passed += await CountAsync(replica, Large, "a", 200);
        }

        Assert.That(passed, Is.InRange(5_900, 6_000 + (3 * Large.Share)));
    }

    [Test]
    public async Task Share_that_is_not_spent_in_time_is_dropped()
    {
        await using var state = State();
        var counting = new CountingState(state);
        var limiter = Replica(counting);
        await limiter.TakeAsync(Large, "a", default);

        _time.Advance(LimitLeases.Life);
        await limiter.TakeAsync(Large, "a", default);

        Assert.That(counting.Calls, Is.EqualTo(4));
    }

    [Test]
    public async Task Changed_limit_counts_at_once_and_from_the_start()
    {
        await using var state = State();
        var limiter = Replica(state);
        await CountAsync(limiter, Small, "a", 9);

        Assert.That(await CountAsync(limiter, LimitRule.Per("small", 7, TimeSpan.FromMinutes(1)), "a", 9), Is.EqualTo(7));
    }

    [Test]
    public async Task Replica_without_the_shared_state_counts_for_itself_and_says_so_once()
    {
        var log = new RecordingLogger<SharedBuckets>();
        var limiter = new RateLimiter(new SharedBuckets(new AbsentState(), _time, log), new LimitLeases(_time), _time);

        Assert.That(await CountAsync(limiter, Small, "a", 9), Is.EqualTo(5));
        Assert.That(log.Records.Select(record => record.Level), Is.EqualTo(new[] { LogLevel.Warning }));
    }

    [Test]
    public async Task Replicas_on_redis_together_let_through_one_burst_under_concurrency()
    {
        var address = (await RedisServer.SharedAsync()).NextConnectionString();
        await using var one = await SharedStateSubject.ConnectAsync(address);
        await using var two = await SharedStateSubject.ConnectAsync(address);
        RateLimiter[] replicas = [Replica(one.State), Replica(two.State)];
        var subject = Guid.NewGuid().ToString();

        var decisions = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () => await replicas[i % 2].TakeAsync(Small, subject, default))));

        Assert.That(decisions.Count(decision => decision is LimitDecision.Within), Is.EqualTo(5));
    }

    [Test]
    public void Flood_of_subjects_does_not_grow_without_end()
    {
        var leases = new LimitLeases(_time);
        for (var i = 0; i < LimitLeases.Capacity + 5_000; i++)
            leases.Of(Small, $"s{i}").TryDecide(Small, _time.GetUtcNow().Ticks);

        Assert.That(leases.Count, Is.LessThanOrEqualTo(LimitLeases.Capacity));
    }

    private static InProcessSharedState State() => new(TimeProvider.System, NullLogger<InProcessSharedState>.Instance);

    private RateLimiter Replica(ISharedState state) =>
        new(new SharedBuckets(state, _time, NullLogger<SharedBuckets>.Instance), new LimitLeases(_time), _time);

    private static async Task<int> CountAsync(RateLimiter limiter, LimitRule rule, string subject, int requests)
    {
        var passed = 0;
        for (var i = 0; i < requests; i++)
        {
            if (await limiter.TakeAsync(rule, subject, default) is LimitDecision.Within)
                passed++;
        }

        return passed;
    }
}
