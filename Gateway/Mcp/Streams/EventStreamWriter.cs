using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Writes a <c>text/event-stream</c> to one client. A write that the client does not take within the timeout ends the connection: that client is dropped,
/// logged and counted, and nothing is kept for it. One writer at a time.
/// </summary>
/// <param name="http">The request that the stream answers.</param>
/// <param name="body">Where the client's bytes go.</param>
/// <param name="timeout">Longest that one write may take.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where dropped clients are told of.</param>
internal sealed partial class EventStreamWriter(HttpContext http, Stream body, TimeSpan timeout, TimeProvider time, ILogger<EventStreamWriter> logger)
{
    private static readonly byte[] KeepAlive = ": keep-alive\n\n"u8.ToArray();

    /// <summary>The client's own: while a call is forwarded, another one stands in the request's features.</summary>
    private readonly IHttpRequestLifetimeFeature _connection = http.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();

    /// <summary>Bytes written so far.</summary>
    public long Written { get; private set; }

    /// <summary>True once the client was dropped or has left: there is no use in writing.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True once the client was dropped.</summary>
    public bool WasDropped { get; private set; }

    /// <summary>Sets the head of a stream. The first write sends it.</summary>
    public static void SetHead(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // Kestrel's own rule for slow readers is shorter, and silent.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
    }

    /// <summary>Writes and flushes; false when the client was dropped or has left.</summary>
    public async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (IsBroken)
            return false;
        var writing = WriteAsync(bytes);
        try
        {
            if (!writing.IsCompleted)
                await writing.WaitAsync(timeout, time);
            await writing;
            Written += bytes.Length;
            return true;
        }
        catch (TimeoutException)
        {
            Drop(StreamEnd.SlowReader);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left.
        }

        IsBroken = true;
        return false;
    }

    /// <summary>Writes a comment that shows the client, and every proxy on the way, that the stream lives.</summary>
    public ValueTask<bool> TryKeepAliveAsync() => TryWriteAsync(KeepAlive);

    /// <summary>Writes a comment; <paramref name="text"/> has no line break.</summary>
    public ValueTask<bool> TryCommentAsync(string text) => TryWriteAsync(Encoding.UTF8.GetBytes($": {text}\n\n"));

    /// <summary>Breaks the connection off.</summary>
    public void Drop(StreamEnd why)
    {
        (IsBroken, WasDropped) = (true, true);
        StreamTelemetry.Dropped.Add(1, new KeyValuePair<string, object?>("reason", why.Reason));
        Log.Dropped(logger, why.Text, Written);
        _connection.Abort();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await body.WriteAsync(bytes);
        await body.FlushAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(5201, LogLevel.Information, "An event stream was broken off after {Bytes} bytes: {Reason}.")]
        public static partial void Dropped(ILogger logger, string reason, long bytes);
    }
}
