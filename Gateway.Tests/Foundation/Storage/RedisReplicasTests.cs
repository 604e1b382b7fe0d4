using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>Several replicas on one Redis, and a Redis that goes away.</summary>
internal sealed class RedisReplicasTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Test]
    public async Task Replicas_share_keys_locks_and_the_bus()
    {
        var address = (await RedisServer.SharedAsync()).NextConnectionString();
        await using var one = await SharedStateSubject.ConnectAsync(address);
        await using var two = await SharedStateSubject.ConnectAsync(address);
        var received = 0;
        await using var subscription = await two.State.SubscribeAsync("channel", _ => Interlocked.Increment(ref received), default);

        await one.State.SetAsync("key", new byte[] { 7 }, Long, default);
        await one.State.PublishAsync("channel", new byte[] { 1 }, default);
        await using var held = await one.State.TryLockAsync("lock", Long, default);

        Assert.That(await two.State.TakeAsync("key", default), Is.EqualTo(new byte[] { 7 }));
        Assert.That(await two.State.TryLockAsync("lock", Long, default), Is.Null);
        Assert.That(await two.EventuallyAsync(() => Task.FromResult(received == 1)));
    }

    [Test]
    public async Task Restart_of_redis_raises_BusInterrupted_and_everything_works_again()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var subject = await SharedStateSubject.ConnectAsync(redis.NextConnectionString() + ",asyncTimeout=500,connectTimeout=500");
        var state = subject.State;
        var interruptions = 0;
        var received = 0;
        state.BusInterrupted += () => Interlocked.Increment(ref interruptions);
        await using var subscription = await state.SubscribeAsync("channel", _ => Interlocked.Increment(ref received), default);
        var before = await TokenAsync(state);

        await redis.PauseAsync();
        Assert.That(
            async () => await state.FindAsync("key", default),
            Throws.InstanceOf<SharedStateException>().With.Message.Contain("Redis did not read a key"));
        Assert.That(await subject.EventuallyAsync(() => Task.FromResult(interruptions > 0)), "told of the loss");

        await redis.ResumeAsync();
        Assert.That(await subject.EventuallyAsync(() => WorksAsync(state)));
        var atReturn = interruptions;
        Assert.That(
            await subject.EventuallyAsync(async () =>
            {
                await state.PublishAsync("channel", new byte[] { 1 }, default);
                return received > 0;
            }),
            "subscribed again");
        Assert.That(await subject.EventuallyAsync(() => Task.FromResult(interruptions > 1)), $"told of the return ({atReturn})");
        Assert.That(await TokenAsync(state), Is.GreaterThan(before), "fencing tokens grow although Redis lost its data");
    }

    [Test]
    public async Task BusInterrupted_after_a_return_means_that_nothing_is_missed_any_more()
    {
        await using var redis = await RedisServer.StartAsync();
        var address = redis.NextConnectionString();
        await using var subject = await SharedStateSubject.ConnectAsync(address);
        var received = 0;
        var subscriptions = new List<IAsyncDisposable>();
        for (var number = 0; number < 50; number++)
        {
            subscriptions.Add(await subject.State.SubscribeAsync($"channel{number}", _ => Interlocked.Increment(ref received), default));
        }

        await redis.PauseAsync();
        await redis.ResumeAsync();
        await using var other = await SharedStateSubject.ConnectAsync(address);
        Assert.That(await subject.EventuallyAsync(() => Task.FromResult(subject.Log.Records.Any(record => record.Level == LogLevel.Information))), "told of the return");
        for (var number = 0; number < 50; number++)
        {
            await other.State.PublishAsync($"channel{number}", new byte[] { 1 }, default);
        }

        Assert.That(await subject.EventuallyAsync(() => Task.FromResult(received == 50)), () => $"received {received} of 50");
        foreach (var subscription in subscriptions)
        {
            await subscription.DisposeAsync();
        }
    }

    [Test]
    public async Task BusInterrupted_handler_that_throws_hurts_no_other()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var subject = await SharedStateSubject.ConnectAsync(redis.NextConnectionString());
        var interruptions = 0;
        subject.State.BusInterrupted += () => throw new InvalidOperationException("first");
        subject.State.BusInterrupted += () => Interlocked.Increment(ref interruptions);
        await using var subscription = await subject.State.SubscribeAsync("channel", _ => { }, default);

        await redis.PauseAsync();
        Assert.That(await subject.EventuallyAsync(() => Task.FromResult(interruptions > 0)));
    }

    [Test]
    public void Start_without_redis_is_refused_naming_the_server_but_not_the_password()
    {
        var port = ServerProcess.FreePort();
        var connection = new RedisConnection($"127.0.0.1:{port},password=geheim,connectTimeout=300", new ImpatientTime());
        Assert.That(
            async () => await connection.PrepareAsync(CancellationToken.None),
            Throws.InstanceOf<SharedStateException>().With.Message.Contain($"127.0.0.1:{port}").And.Message.Contain("storage.redis").And.Message.Not.Contain("geheim"));
    }

    private static async Task<long> TokenAsync(ISharedState state)
    {
        await using var held = await state.TryLockAsync("lock", Long, default);
        return held!.FencingToken;
    }

    private static async Task<bool> WorksAsync(ISharedState state)
    {
        try
        {
            await state.SetAsync("key", new byte[] { 1 }, Long, default);
            return await state.FindAsync("key", default) is not null;
        }
        catch (SharedStateException)
        {
            return false;
        }
    }

    /// <summary>A clock on which every look takes five seconds.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * 5 * TimestampFrequency;
    }
}
