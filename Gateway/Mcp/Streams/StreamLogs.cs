using Cortex.Foundation.Configuration;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Sessions;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Streams;

/// <summary>
/// The events of calls' streams in the shared state, sealed to their session, so that any replica can resume a stream. A running call holds a lease: where it
/// has run out and the last event is missing, the replica that ran the call is gone.
/// </summary>
internal sealed class StreamLogs(
    ISharedState state, Sealer sealer, SessionSignals signals, KeptStreams kept, IOptionsMonitor<GatewayOptions> options, TimeProvider time, ILogger<StreamLog> logger)
{
    /// <summary>How long a call counts as running after its last sign.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private const int PageEntries = 64;

    public StreamLog Open(SessionKey session, ReadOnlyMemory<byte> requestId) => new(this, session, requestId, time, logger);

    /// <summary>Starts or goes on to keep a running call's events; false, and nothing is kept, when the owner has too many that are kept.</summary>
    public async Task<bool> TryOpenAsync(SessionKey session, string stream, ReadOnlyMemory<byte> requestId)
    {
        if (!await kept.TryHoldAsync(session, stream))
            return false;
        await RenewAsync(session, stream, requestId);
        return true;
    }

    /// <summary>Says that the call goes on, for <see cref="Lease"/> from now.</summary>
    private async Task RenewAsync(SessionKey session, string stream, ReadOnlyMemory<byte> requestId)
    {
        var lease = LeaseOf(session, stream);
        await state.SetAsync(lease, sealer.Seal(requestId.Span, lease), options.CurrentValue.Streams.ResumeWindow + Lease, CancellationToken.None);
        await state.SetAsync(RunningOf(session, stream), "1"u8.ToArray(), Lease, CancellationToken.None);
    }

    /// <summary>Keeps an event; once more does no harm.</summary>
    public async Task AppendAsync(SessionKey session, StreamEventId id, ReadOnlyMemory<byte> frame, bool isLast, int keep)
    {
        var log = $"{session}:{id.Stream}";
        byte[] plain = [(byte)(isLast ? 1 : 0), .. frame.Span];
        var entry = new LogEntry(id.Number, sealer.Seal(plain, $"stream-event:{log}:{id.Number}"));
        await state.AppendAsync(log, entry, keep, options.CurrentValue.Streams.ResumeWindow, CancellationToken.None);
        if (isLast)
            await state.RemoveAsync(RunningOf(session, id.Stream), CancellationToken.None);
    }

    /// <summary>Forgets that the call runs: it was cancelled, and its stream ends without an answer.</summary>
    public async Task EndAsync(SessionKey session, string stream)
    {
        await state.RemoveAsync(LeaseOf(session, stream), CancellationToken.None);
        await state.RemoveAsync(RunningOf(session, stream), CancellationToken.None);
        await AnnounceAsync(session, stream);
    }

    /// <summary>Says that a client reads the stream, for <see cref="Lease"/> from now.</summary>
    public async Task NoteReaderAsync(SessionKey session, string stream) =>
        await state.SetAsync(ReaderOf(session, stream), "1"u8.ToArray(), Lease, CancellationToken.None);

    /// <summary>True when a client that came back reads the stream, or did so a moment ago.</summary>
    public async Task<bool> HasReaderAsync(SessionKey session, string stream) =>
        await state.FindAsync(ReaderOf(session, stream), CancellationToken.None) is not null;

    public async Task AnnounceAsync(SessionKey session, string stream) =>
        await signals.SendAsync(new SessionSignal(SessionSignalKind.Appended, session, stream), CancellationToken.None);

    /// <summary>The next events behind <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<StreamLogEvent>> ReadAsync(SessionKey session, StreamEventId after, CancellationToken cancellationToken)
    {
        var log = $"{session}:{after.Stream}";
        var events = new List<StreamLogEvent>();
        foreach (var entry in await state.ReadAfterAsync(log, after.Number, PageEntries, cancellationToken))
        {
            if (sealer.TryOpen(entry.Value, $"stream-event:{log}:{entry.Number}") is { } plain)
                events.Add(new StreamLogEvent(after with { Number = entry.Number }, plain.AsMemory(1), plain[0] == 1));
        }

        return events;
    }

    /// <summary>True when the event <paramref name="id"/> is the one that ended its stream.</summary>
    public async Task<bool> IsLastAsync(SessionKey session, StreamEventId id, CancellationToken cancellationToken) =>
        await ReadAsync(session, id with { Number = id.Number - 1 }, cancellationToken) is [{ IsLast: true } last, ..] && last.Id == id;

    /// <summary>The raw id of the request whose stream it is; null when the stream is not known, or too old.</summary>
    public async Task<byte[]?> FindRequestAsync(SessionKey session, string stream, CancellationToken cancellationToken)
    {
        var lease = LeaseOf(session, stream);
        return await state.FindAsync(lease, cancellationToken) is { } bytes ? sealer.TryOpen(bytes, lease) : null;
    }

    /// <summary>True while a replica runs the call.</summary>
    public async Task<bool> IsRunningAsync(SessionKey session, string stream, CancellationToken cancellationToken) =>
        await state.FindAsync(RunningOf(session, stream), cancellationToken) is not null;

    /// <summary>Key of the sealed id of the request whose stream it is.</summary>
    private static string LeaseOf(SessionKey session, string stream) => $"stream:{session}:{stream}";

    private static string RunningOf(SessionKey session, string stream) => LeaseOf(session, stream) + ":running";

    private static string ReaderOf(SessionKey session, string stream) => LeaseOf(session, stream) + ":reader";
}

/// <summary>A kept event.</summary>
/// <param name="Frame">As it goes over the wire.</param>
/// <param name="IsLast">True for the one that ends the stream.</param>
internal readonly record struct StreamLogEvent(StreamEventId Id, ReadOnlyMemory<byte> Frame, bool IsLast);
