using System.Threading.Channels;

namespace Cortex.Foundation.Storage;

/// <summary>
/// Messages on one channel of the bus that must not be forgotten when the bus is away: one that can't be sent is kept, and sent once it can.
/// Of more than <see cref="Capacity"/> the oldest go. Thread-safe.
/// </summary>
internal sealed partial class BusOutbox(ISharedState state, string busChannel, TimeProvider time, ILogger logger)
{
    /// <summary>Messages that wait at most.</summary>
    public const int Capacity = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<byte[]> _unsent =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Sends a message now, or as soon as <see cref="RunAsync"/> can. It is sent whether or not whoever asked still waits.</summary>
    public async ValueTask SendAsync(byte[] message)
    {
        if (!await TrySendAsync(message))
            _unsent.Writer.TryWrite(message);
    }

    /// <summary>Sends what was kept, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in _unsent.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TrySendAsync(message))
                await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async ValueTask<bool> TrySendAsync(byte[] message)
    {
        try
        {
            await state.PublishAsync(busChannel, message, CancellationToken.None);
            return true;
        }
        catch (SharedStateException exception)
        {
            Log.NotSent(logger, exception, busChannel);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1111, LogLevel.Warning, "A message on the bus channel {Channel} could not be told to the other replicas; it is tried again until it can", EventName = "bus.not_sent")]
        public static partial void NotSent(ILogger logger, Exception exception, string channel);
    }
}
