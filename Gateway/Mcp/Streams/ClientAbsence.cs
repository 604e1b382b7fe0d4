namespace Cortex.Mcp.Streams;

/// <summary>
/// How long the client of a call has been gone: it left its connection, and reads the stream nowhere else. After <paramref name="window"/> its events
/// are no longer kept and it can't come back.
/// </summary>
/// <param name="window">How long a client may stay away.</param>
/// <param name="time">The clock.</param>
internal sealed class ClientAbsence(TimeSpan window, TimeProvider time)
{
    private readonly TimeSpan _lookEvery = window < StreamLogs.Lease / 3 ? window : StreamLogs.Lease / 3;

    private long? _since;
    private long _lookedAt;

    /// <summary>True when the client will not come back; to be asked now and then.</summary>
    /// <param name="hasLeft">True when its connection has ended.</param>
    /// <param name="log">Where it could come back to; null when nowhere.</param>
    public async ValueTask<bool> IsForGoodAsync(bool hasLeft, StreamLog? log)
    {
        if (!hasLeft)
            return false;
        var now = time.GetTimestamp();
        if (_since is not { } since)
        {
            (_since, _lookedAt) = (now, now);
            return false;
        }

        if (time.GetElapsedTime(_lookedAt, now) < _lookEvery)
            return false;
        _lookedAt = now;
        if (log is null || !await log.HasReaderAsync())
            return time.GetElapsedTime(since, now) > window;
        _since = now;
        return false;
    }
}
