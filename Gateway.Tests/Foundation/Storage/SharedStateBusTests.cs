using System.Collections.Concurrent;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>The contract of the bus, the same for both kinds of shared state.</summary>
[TestFixture(SharedStateKind.InProcess)]
[TestFixture(SharedStateKind.Redis)]
internal sealed class SharedStateBusTests(SharedStateKind kind) : SharedStateContract(kind)
{
    [Test]
    public async Task Message_reaches_every_subscriber_of_its_channel_and_no_other()
    {
        var received = new ConcurrentQueue<string>();
        await using var first = await State.SubscribeAsync("here", message => received.Enqueue($"first {message.Span[0]}"), default);
        await using var second = await State.SubscribeAsync("here", message => received.Enqueue($"second {message.Span[0]}"), default);
        await using var elsewhere = await State.SubscribeAsync("there", message => received.Enqueue($"there {message.Span[0]}"), default);

        await State.PublishAsync("here", new byte[] { 1 }, default);
        await State.PublishAsync("there", new byte[] { 2 }, default);

        Assert.That(await Subject.EventuallyAsync(() => Task.FromResult(received.Count == 3)));
        Assert.That(received, Is.EquivalentTo(new[] { "first 1", "second 1", "there 2" }));
    }

    [Test]
    public async Task Messages_of_a_channel_arrive_in_order_and_one_at_a_time()
    {
        var received = new ConcurrentQueue<byte>();
        var inside = 0;
        var overlaps = 0;
        await using var subscription = await State.SubscribeAsync(
            "channel",
            message =>
            {
                overlaps += Interlocked.Increment(ref inside) > 1 ? 1 : 0;
                received.Enqueue(message.Span[0]);
                Interlocked.Decrement(ref inside);
            },
            default);

        for (byte number = 0; number < 100; number++)
        {
            await State.PublishAsync("channel", new[] { number }, default);
        }

        Assert.That(await Subject.EventuallyAsync(() => Task.FromResult(received.Count == 100)));
        Assert.That(received, Is.Ordered.Ascending);
        Assert.That(overlaps, Is.Zero);
    }

    [Test]
    public async Task Subscriber_that_throws_goes_on_receiving()
    {
        var calls = 0;
        await using var subscription = await State.SubscribeAsync(
            "channel",
            _ => throw new InvalidOperationException($"call {Interlocked.Increment(ref calls)}"),
            default);
        await State.PublishAsync("channel", new byte[] { 1 }, default);
        await State.PublishAsync("channel", new byte[] { 2 }, default);
        Assert.That(await Subject.EventuallyAsync(() => Task.FromResult(calls == 2)));
    }

    [Test]
    public async Task Disposed_subscription_receives_nothing_more()
    {
        var received = new ConcurrentQueue<byte>();
        var disposed = await State.SubscribeAsync("channel", _ => received.Enqueue(1), default);
        await using var witness = await State.SubscribeAsync("channel", _ => received.Enqueue(2), default);
        await disposed.DisposeAsync();

        await State.PublishAsync("channel", new byte[] { 0 }, default);
        Assert.That(await Subject.EventuallyAsync(() => Task.FromResult(!received.IsEmpty)));
        Assert.That(received, Is.EqualTo(new byte[] { 2 }));
    }
}
