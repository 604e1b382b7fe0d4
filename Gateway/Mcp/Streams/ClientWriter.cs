using Cortex.Foundation.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Writes to a client that may have stopped to read: a write that takes longer than <c>gateway.streams.writeTimeout</c> ends the connection, so that
/// nothing is held for it. Writes come one at a time.
/// </summary>
internal sealed partial class ClientWriter(HttpContext http, Stream body, StreamOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>True when there is nobody to write to any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Writes and flushes; false when the client is gone.</summary>
    public async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (IsGone || http.RequestAborted.IsCancellationRequested)
            return !(IsGone = true);
        try
        {
            var write = WriteAsync(bytes);
            if (!write.IsCompletedSuccessfully)
                await write.WaitAsync(options.WriteTimeout, time);
            return true;
        }
        catch (TimeoutException)
        {
            Log.SlowReader(logger, options.WriteTimeout);
            StreamTelemetry.Dropped.Add(1, new KeyValuePair<string, object?>("reason", "slow_reader"));
            http.Abort();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ConnectionResetException or IOException)
        {
            // The connection broke: the same as gone.
        }

        IsGone = true;
        return false;
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await body.WriteAsync(bytes, http.RequestAborted);
        await body.FlushAsync(http.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Information, "A client did not read its stream for {Timeout} and was dropped.")]
        public static partial void SlowReader(ILogger logger, TimeSpan timeout);
    }
}
