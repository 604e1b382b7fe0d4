using Cortex.Foundation.Storage;
using Cortex.Sessions;

namespace Cortex.Mcp.Streams;

/// <summary>
/// The last events of one call's stream, kept for a legacy client that lost its connection: at most <see cref="MaxEntries"/> and
/// <see cref="MaxBytes"/>. One writer. Events that the shared state does not take are held here, up to <see cref="MaxHeldBytes"/>, and kept later, in order; when they grow
/// beyond that the log ends before them: no event is kept that has not all earlier ones of the window before it. The call goes on.
/// </summary>
internal sealed partial class StreamLog(StreamLogs logs, SessionKey session, ReadOnlyMemory<byte> requestId, TimeProvider time, ILogger logger)
{
    public const int MaxEntries = 256;
    public const int MaxBytes = 4 * 1024 * 1024;
    public const int MaxHeldBytes = ClientReply.MaxKeptEvent;

    /// <summary>After a failure, how long the shared state is left alone: each try may last seconds, and the client waits for its event.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Queue<int> _sizes = new();
    private readonly Queue<HeldEvent> _held = new();
    private int _bytes;
    private int _heldBytes;
    private long? _failedAt;
    private int _isWarned;
    private volatile bool _isGivenUp;

    /// <summary>Id of the latest event.</summary>
    public StreamEventId Last { get; private set; } = StreamEventId.New();

    /// <summary>Takes the next id.</summary>
    public StreamEventId Next() => Last = Last with { Number = Last.Number + 1 };

    /// <summary>Begins to keep events; false when that can't be done at the moment, or the owner has too many kept streams.</summary>
    public async Task<bool> TryOpenAsync()
    {
        var isOpen = false;
        return await TryAsync(async () => isOpen = await logs.TryOpenAsync(session, Last.Stream, requestId)) && isOpen;
    }

    /// <summary>Says that the call goes on, for <see cref="StreamLogs.Lease"/> from now.</summary>
    public Task RenewAsync() => _isGivenUp ? Task.CompletedTask : TryAsync(() => logs.TryOpenAsync(session, Last.Stream, requestId));

    /// <summary>Says that the call was cancelled: its stream ends without an answer.</summary>
    public Task EndAsync() => TryAsync(() => logs.EndAsync(session, Last.Stream));

    /// <summary>True when a client that came back reads the stream, or may do so.</summary>
    public async Task<bool> HasReaderAsync()
    {
        var hasReader = true;
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
        var added = new HeldEvent(Last, frame, isLast, _sizes.Count);
        if (await TryFlushAsync(isNow: isLast) && await TryKeepAsync(added))
        {
            if (isAway)
                await logs.AnnounceAsync(session, Last.Stream);
            return;
        }

        Hold(added with { Frame = frame.ToArray() });
    }

    /// <summary>Keeps what is held back; false when that can't be done now.</summary>
    /// <param name="isNow">True to try although it failed a moment ago.</param>
    public async Task<bool> TryFlushAsync(bool isNow = false)
    {
        if (_isGivenUp || (!isNow && _failedAt is { } failedAt && time.GetElapsedTime(failedAt) < Pause))
            return false;
        while (_held.TryPeek(out var next))
        {
            if (!await TryKeepAsync(next))
                return false;
            _heldBytes -= _held.Dequeue().Frame.Length;
        }

        return true;
    }

    private async Task<bool> TryKeepAsync(HeldEvent next)
    {
        var isKept = await TryAsync(() => logs.AppendAsync(session, next.Id, next.Frame, next.IsLast, next.Keep));
        _failedAt = isKept ? null : time.GetTimestamp();
        return isKept;
    }

    private void Hold(HeldEvent next)
    {
        if (_isGivenUp)
            return;
        _held.Enqueue(next);
        _heldBytes += next.Frame.Length;
        if (_held.Count <= MaxEntries && _heldBytes <= MaxHeldBytes)
            return;
        _isGivenUp = true;
        _held.Clear();
        Log.GivenUp(logger);
    }

    /// <summary>False when the shared state failed; the first failure of a call is told of.</summary>
    private async Task<bool> TryAsync(Func<Task> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (SharedStateException exception)
        {
            if (Interlocked.Exchange(ref _isWarned, 1) == 0)
                Log.Failed(logger, exception);
            return false;
        }
    }

    /// <summary>An event on its way into the shared state.</summary>
    /// <param name="Keep">How many events are to be kept with it.</param>
    private readonly record struct HeldEvent(StreamEventId Id, ReadOnlyMemory<byte> Frame, bool IsLast, int Keep);

    private static partial class Log
    {
        [LoggerMessage(5102, LogLevel.Warning, "The events of a call can't be kept any more; its client can't resume it.")]
        public static partial void GivenUp(ILogger logger);

        [LoggerMessage(5103, LogLevel.Warning, "The events of a call can't be kept at the moment; what comes is held back and kept later.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
