using Cortex.Foundation.JsonRpc;
using Cortex.Identity.Credentials;

namespace Cortex.Sessions.Upstream;

/// <summary>A way of listening to a native server, over as many connections as it takes; one for each era. Not thread-safe.</summary>
internal abstract class UpstreamChannel : IAsyncDisposable
{
    /// <summary>Longest event that is read; notifications are small.</summary>
    public const int MaxEventBytes = 64 * 1024;

    /// <summary>How long the server asks clients to wait before they come back; null when it has not said.</summary>
    public TimeSpan? Retry { get; protected set; }

    /// <summary>True once the present connection, or the last one, was accepted.</summary>
    public bool WasAccepted { get; protected set; }

    /// <summary>Listens over one connection until it ends.</summary>
    /// <exception cref="HttpRequestException">There was no connection.</exception>
    /// <exception cref="IOException">It broke.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or a deadline passed.</exception>
    public abstract Task<UpstreamListeningEnd> ConnectAsync(CredentialResult.Granted credential, Action<UpstreamNotice> tell, CancellationToken cancellationToken);

    /// <summary>Takes leave of the server.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Reads events until the stream ends or <paramref name="take"/> says how it ended.</summary>
    protected async Task<UpstreamListeningEnd?> ReadAsync(
        HttpResponseMessage response,
        int maxEventBytes,
        Action<string> keepId,
        Func<UpstreamMessage, ValueTask<UpstreamListeningEnd?>> take,
        CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var events = new SseEventReader(maxEventBytes);
        var chunk = new byte[2048];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            for (var rest = chunk.AsMemory(0, read); !rest.IsEmpty;)
            {
                var progress = events.Read(rest.Span, out var consumed);
                rest = rest[consumed..];
                if (progress == SseProgress.Faulted)
                    return new UpstreamListeningEnd.Failed($"it sent a malformed event: {events.Fault.Describe()}");
                Retry = events.Retry ?? Retry;
                keepId(System.Text.Encoding.UTF8.GetString(events.LastEventId));
                if (progress != SseProgress.EventEnded || UpstreamMessage.TryRead(events.Data) is not { } message)
                    continue;
                if (await take(message) is { } end)
                    return end;
            }
        }

        return null;
    }
}
