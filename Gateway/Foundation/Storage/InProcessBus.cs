using System.Collections.Immutable;
using System.Threading.Channels;

namespace Cortex.Foundation.Storage;

/// <summary>Publish and subscribe inside one process: one queue, one reader that calls the handlers, so none of them holds up a publisher. Thread-safe.</summary>
internal sealed class InProcessBus : IAsyncDisposable
{
    private readonly Channel<(string Channel, byte[] Message)> _queue = Channel.CreateUnbounded<(string, byte[])>(new() { SingleReader = true });
    private readonly ILogger _logger;
    private readonly Task _reader;
    private ImmutableList<Subscription> _subscriptions = [];

    public InProcessBus(ILogger logger)
    {
        _logger = logger;
        _reader = Task.Run(ReadAsync);
    }

    public void Publish(string channel, byte[] message) => _queue.Writer.TryWrite((channel, message));

    public IAsyncDisposable Subscribe(string channel, Action<ReadOnlyMemory<byte>> handler)
    {
        var subscription = new Subscription(this, channel, handler);
        ImmutableInterlocked.Update(ref _subscriptions, list => list.Add(subscription));
        return subscription;
    }

    /// <summary>Delivers what is queued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _reader;
    }

    private async Task ReadAsync()
    {
        await foreach (var (channel, message) in _queue.Reader.ReadAllAsync())
        {
            foreach (var subscription in _subscriptions)
            {
                if (string.Equals(subscription.Channel, channel, StringComparison.Ordinal))
                {
                    BusHandler.Call(subscription.Handler, message, channel, _logger);
                }
            }
        }
    }

    private sealed class Subscription(InProcessBus bus, string channel, Action<ReadOnlyMemory<byte>> handler) : IAsyncDisposable
    {
        public string Channel => channel;

        public Action<ReadOnlyMemory<byte>> Handler => handler;

        public ValueTask DisposeAsync()
        {
            ImmutableInterlocked.Update(ref bus._subscriptions, list => list.Remove(this));
            return ValueTask.CompletedTask;
        }
    }
}
