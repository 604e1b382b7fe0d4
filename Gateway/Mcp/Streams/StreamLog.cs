using Cortex.Foundation.Storage;
using Cortex.Sessions;

namespace Cortex.Mcp.Streams;

/// <summary>
/// The last events of one call's stream, kept for a legacy client that lost its connection: at most <see cref="MaxEntries"/> and
/// <see cref="MaxBytes"/>. One writer. A log that can't be written is given up, with a warning; the call goes on.
/// </summary>
internal sealed partial class StreamLog(StreamLogs logs, SessionKey session, ReadOnlyMemory<byte> requestId, ILogger logger)
{
    public const int MaxEntries = 256;
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly Queue<int> _sizes = new();
    private int _bytes;
    private bool _isGivenUp;

    /// <summary>Id of the latest event.</summary>
    public StreamEventId Last { get; private set; } = StreamEventId.New();

    /// <summary>Takes the next id.</summary>
    public StreamEventId Next() => Last = Last with { Number = Last.Number + 1 };

    /// <summary>Says that the call goes on, for <see cref="StreamLogs.Lease"/> from now.</summary>
    public Task RenewAsync() => TryAsync(() => logs.RenewAsync(session, Last.Stream, requestId));

    /// <summary>Says that the call was cancelled: its stream ends without an answer.</summary>
    public Task EndAsync() => TryAsync(() => logs.EndAsync(session, Last.Stream));

    /// <summary>True when a client that came back reads the stream; a log that was given up has none.</summary>
    public async Task<bool> HasReaderAsync()
    {
        var hasReader = false;
        await TryAsync(async () => hasReader = await logs.HasReaderAsync(session, Last.Stream));
        return hasReader;
    }

    /// <summary>Keeps an event under the latest id.</summary>
    /// <param name="frame">The event as it goes over the wire, with its id.</param>
    /// <param name="isLast">True for the one that ends the stream.</param>
    /// <param name="isAway">True when the client is gone and may be reading elsewhere.</param>
    public async Task AppendAsync(ReadOnlyMemory<byte> frame, bool isLast, bool isAway)
    {
        _sizes.Enqueue(frame.Length);
        _bytes += frame.Length;
        while (_sizes.Count > 1 && (_bytes > MaxBytes || _sizes.Count > MaxEntries))
            _bytes -= _sizes.Dequeue();
        await TryAsync(() => logs.AppendAsync(session, Last, frame, isLast, _sizes.Count));
        if (isAway)
            await TryAsync(() => logs.AnnounceAsync(session, Last.Stream));
    }

    private async Task TryAsync(Func<Task> step)
    {
        if (_isGivenUp)
            return;
        try
        {
            await step();
        }
        catch (SharedStateException exception)
        {
            _isGivenUp = true;
            Log.GivenUp(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5102, LogLevel.Warning, "The events of a call can't be kept any more; its client can't resume it.")]
        public static partial void GivenUp(ILogger logger, Exception exception);
    }
}
