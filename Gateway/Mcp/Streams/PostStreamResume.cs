using System.Buffers;
using System.Text;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;
using Cortex.Sessions;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Streams;

/// <summary>
/// Resumes the stream of a call for a legacy client that comes back with <c>Last-Event-ID</c>, to whichever replica: what it missed, then what comes, until the
/// answer. When the replica that ran the call is gone, the answer says so.
/// </summary>
internal sealed class PostStreamResume(
    StreamLogs logs, SessionSignals signals, StreamAccess access, IOptionsMonitor<GatewayOptions> options, TimeProvider time, ILogger<EventStreamWriter> logger)
{
    /// <summary>How long to wait for a signal before the log is looked at all the same.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>False when there is no such stream, or not all that came behind the event is kept; nothing was written then.</summary>
    public async Task<bool> TryResumeAsync(HttpContext http, Caller caller, ClientSession session, string lastEventId, CancellationToken cancellationToken)
    {
        if (!StreamEventId.TryParse(lastEventId, out var at))
            return false;
        var key = SessionKey.Of(caller, session.Id);
        if (await logs.FindRequestAsync(key, at.Stream, cancellationToken) is not { } requestId || HasHole(at, await logs.ReadAsync(key, at, cancellationToken)))
            return false;

        using var news = new SemaphoreSlim(0);
        StreamEnd? end = null;
        using var listener = signals.Listen(key, signal =>
        {
            if (signal.Kind == SessionSignalKind.Ended)
                Volatile.Write(ref end, StreamEnd.SessionEnded);
            Wake(signal, at.Stream, news);
        });
        EventStreamWriter.SetHead(http);
        var streams = options.CurrentValue.Streams;
        var client = new EventStreamWriter(http, http.Response.Body, streams.WriteTimeout, time, logger);
        var heardAt = time.GetTimestamp();
        long? notedAt = null;
        await http.Response.StartAsync(cancellationToken);
        while (!client.IsBroken)
        {
            if ((Volatile.Read(ref end) ?? await access.FindAsync(http, caller, cancellationToken)) is { } why)
            {
                await client.TryCommentAsync(why.Text);
                return true;
            }

            if (notedAt is not { } noted || time.GetElapsedTime(noted) > StreamLogs.Lease / 3)
            {
                notedAt = time.GetTimestamp();
                await logs.NoteReaderAsync(key, at.Stream);
            }

            var isRunning = await logs.IsRunningAsync(key, at.Stream, cancellationToken);
            var missed = await logs.ReadAsync(key, at, cancellationToken);
            if (HasHole(at, missed))
            {
                await client.TryCommentAsync("events of this call are lost; make the call again");
                return true;
            }

            foreach (var entry in missed)
            {
                at = entry.Id;
                heardAt = time.GetTimestamp();
                if (!await client.TryWriteAsync(entry.Frame) || entry.IsLast)
                    return true;
            }

            if (missed.Count == 0 && !isRunning)
            {
                // A call that was cancelled has no answer, and one that was answered has no other.
                if (!await logs.IsLastAsync(key, at, cancellationToken) && await logs.FindRequestAsync(key, at.Stream, cancellationToken) is not null)
                    await client.TryWriteAsync(Lost(at, requestId));
                return true;
            }

            if (missed.Count == 0)
                await news.WaitAsync(LookEvery, cancellationToken);
            if (time.GetElapsedTime(heardAt) > streams.KeepAlive)
            {
                heardAt = time.GetTimestamp();
                await client.TryKeepAliveAsync();
            }
        }

        return true;
    }

    /// <summary>True when the events do not follow: some were too many to be kept, or could not be.</summary>
    private static bool HasHole(StreamEventId at, IReadOnlyList<StreamLogEvent> events) => events.Count > 0 && events[0].Id.Number != at.Number + 1;

    private static void Wake(SessionSignal signal, string stream, SemaphoreSlim news)
    {
        if (signal.Kind != SessionSignalKind.Ended && (signal.Kind != SessionSignalKind.Appended || signal.Subject != stream))
            return;
        try
        {
            news.Release();
        }
        catch (ObjectDisposedException)
        {
            // The client went away at the same moment.
        }
    }

    /// <summary>The answer in place of one that will never come.</summary>
    private static ReadOnlyMemory<byte> Lost(StreamEventId at, byte[] requestId)
    {
        using var frame = new PooledBuffer();
        frame.Write(Encoding.ASCII.GetBytes($"id: {at with { Number = at.Number + 1 }}\nevent: message\ndata: "));
        JsonRpcErrorWriter.Write(
            frame, requestId, McpError.InternalError, "The call was lost when a replica of the gateway ended. It may have been done all the same; check before calling again.", default);
        frame.Write("\n\n"u8);
        return frame.WrittenMemory.ToArray();
    }
}
