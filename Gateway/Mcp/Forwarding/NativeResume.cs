using Cortex.Backends;
using Cortex.Identity.Credentials;
using Cortex.Sessions.Upstream;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Comes back for the rest of a reply whose stream ended, or broke, before the answer, as far as the server gave its events ids: GET with <c>Last-Event-ID</c>
/// after the pause that the server asked for. Some servers end streams on purpose and let their clients poll.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery"/></remarks>
internal sealed partial class NativeResume(UpstreamStreams streams, TimeProvider time, ILogger<NativeResume> logger)
{
    private const int MaxFailures = 3;

    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);

    /// <summary>Some servers ask for none, and have nothing new.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    public async Task RunAsync(
        BackendDefinition backend,
        UpstreamSession session,
        CallCredential credential,
        NativeEvents events,
        NativeReplyStream reply,
        ForwardLifetime lifetime)
    {
        var ended = lifetime.RequestAborted;
        var failures = 0;
        while (!ended.IsCancellationRequested && failures < MaxFailures
            && !events.IsAnswered && !events.IsMalformed && !events.AsksForInput
            && events.LastEventId is { } lastEventId && events.TryRestart())
        {
            var pause = events.Retry ?? DefaultPause;
            try
            {
                await Task.Delay(pause < ShortestPause ? ShortestPause : pause < LongestPause ? pause : LongestPause, time, ended);
                failures = await TakeUpAsync(backend, session, credential, lastEventId, reply, ended) ? 0 : failures + 1;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (InvalidDataException)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                failures++;
                Log.Broken(logger, backend.Id.Value, exception.Message);
            }
        }
    }

    /// <summary>False when the server gives no stream.</summary>
    private async Task<bool> TakeUpAsync(
        BackendDefinition backend,
        UpstreamSession session,
        CallCredential credential,
        string lastEventId,
        NativeReplyStream reply,
        CancellationToken cancellationToken)
    {
        using var stream = await streams.OpenAsync(backend, session, await credential.NowAsync(cancellationToken), lastEventId, cancellationToken);
        if (stream is null)
        {
            Log.Refused(logger, backend.Id.Value);
            return false;
        }

        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.Body.ReadAsync(buffer, cancellationToken)) > 0)
            await reply.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(5110, LogLevel.Information, "Backend '{Backend}': the stream of a call broke while it was taken up again: {Reason}")]
        public static partial void Broken(ILogger logger, string backend, string reason);

        [LoggerMessage(5111, LogLevel.Information, "Backend '{Backend}' does not take up the stream of a call.")]
        public static partial void Refused(ILogger logger, string backend);
    }
}
