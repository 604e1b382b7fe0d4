using System.Collections.Immutable;
using System.Threading.Channels;
using StackExchange.Redis;

namespace Cortex.Foundation.Storage;

/// <summary>
/// Publish and subscribe over Redis. When the connection breaks, <see cref="Interrupted"/> is raised at once and for every attempt to connect
/// that fails, and once more when every channel is subscribed again: only then can nothing be missed any more.
/// </summary>
internal sealed partial class RedisBus : IAsyncDisposable
{
    private const string ChannelPrefix = "cortex:bus:";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly RedisConnection _connection;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisBus> _logger;
    private readonly Channel<ConnectionType> _restored = Channel.CreateBounded<ConnectionType>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lazy<Task> _watching;
    private ImmutableList<RedisChannel> _channels = [];
    private int _lost;

    public RedisBus(RedisConnection connection, TimeProvider time, ILogger<RedisBus> logger)
    {
        _connection = connection;
        _time = time;
        _logger = logger;
        _watching = new Lazy<Task>(WatchAsync);
    }

    public event Action? Interrupted;

    public async Task PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        await RedisCall.RunAsync(
            "publish a message",
            _connection.Multiplexer.GetSubscriber().PublishAsync(Name(channel), message.ToArray()),
            cancellationToken);

    public async ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken)
    {
        _ = _watching.Value;
        var queue = await RedisCall.RunAsync(
            "subscribe to a channel",
            _connection.Multiplexer.GetSubscriber().SubscribeAsync(Name(channel)),
            cancellationToken);
        ImmutableInterlocked.Update(ref _channels, list => list.Add(queue.Channel));
        queue.OnMessage(message => BusHandler.Call(handler, (byte[]?)message.Message ?? [], channel, _logger));
        return new Subscription(this, queue);
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        if (_watching.IsValueCreated)
        {
            await _watching.Value;
        }

        _disposed.Dispose();
    }

    private static RedisChannel Name(string channel) => RedisChannel.Literal(ChannelPrefix + channel);

    private async Task WatchAsync()
    {
        var multiplexer = _connection.Multiplexer;
        multiplexer.ConnectionFailed += OnLost;
        multiplexer.ConnectionRestored += OnRestored;
        try
        {
            await foreach (var _ in _restored.Reader.ReadAllAsync(_disposed.Token))
            {
                await SubscribedAgainAsync(multiplexer.GetSubscriber());
                Interlocked.Exchange(ref _lost, 0);
                Log.Restored(_logger);
                BusHandler.CallAll(Interrupted, _logger);
            }
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
            multiplexer.ConnectionFailed -= OnLost;
            multiplexer.ConnectionRestored -= OnRestored;
        }
    }

    // The library subscribes again by itself after it has reconnected, but some moments after it says so.
    private async Task SubscribedAgainAsync(ISubscriber subscriber)
    {
        while (!_channels.TrueForAll(channel => subscriber.SubscribedEndpoint(channel) is not null))
        {
            await Task.Delay(Pause, _time, _disposed.Token);
        }
    }

    private void OnLost(object? sender, ConnectionFailedEventArgs failure)
    {
        if (Interlocked.Exchange(ref _lost, 1) == 0)
        {
            Log.Lost(_logger, failure.FailureType);
        }

        BusHandler.CallAll(Interrupted, _logger);
    }

    private void OnRestored(object? sender, ConnectionFailedEventArgs restoration) => _restored.Writer.TryWrite(restoration.ConnectionType);

    private sealed class Subscription(RedisBus bus, ChannelMessageQueue queue) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            ImmutableInterlocked.Update(ref bus._channels, list => list.Remove(queue.Channel));
            try
            {
                await queue.UnsubscribeAsync();
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
            {
                Log.NotUnsubscribed(bus._logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1120, LogLevel.Warning, "The connection to Redis is lost ({Reason}); trying again", EventName = "redis.lost")]
        public static partial void Lost(ILogger logger, ConnectionFailureType reason);

        [LoggerMessage(1121, LogLevel.Information, "The connection to Redis is back and the bus is subscribed again", EventName = "redis.restored")]
        public static partial void Restored(ILogger logger);

        [LoggerMessage(1122, LogLevel.Debug, "Unsubscribing from the bus failed; the subscription ends with the connection", EventName = "bus.unsubscribe.failed")]
        public static partial void NotUnsubscribed(ILogger logger, Exception exception);
    }
}
