using System.Threading.Channels;

namespace Cortex.Governance.Audit;

/// <summary>
/// Entries on their way to the database. Holds <see cref="Capacity"/> while the database is away; beyond that the oldest go,
/// counted by <see cref="AuditLoss"/>. Many writers, one reader.
/// </summary>
internal sealed class AuditQueue
{
    /// <summary>Entries that wait at most.</summary>
    public const int Capacity = 10_000;

    /// <summary>Most entries of one batch.</summary>
    public const int BatchSize = 200;

    /// <summary>How long the first entry of a batch waits for others.</summary>
    public static readonly TimeSpan BatchWindow = TimeSpan.FromSeconds(1);

    private readonly Channel<AuditEntry> _entries;
    private readonly AuditLoss _loss;
    private readonly TimeProvider _time;

    public AuditQueue(AuditLoss loss, TimeProvider time)
    {
        _loss = loss;
        _time = time;
        _entries = Channel.CreateBounded<AuditEntry>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => loss.Count(AuditSink.Database, 1));
    }

    /// <summary>Entries that wait now.</summary>
    public int Count => _entries.Reader.Count;

    public void Add(AuditEntry entry)
    {
        if (!_entries.Writer.TryWrite(entry))
            _loss.Count(AuditSink.Database, 1);
    }

    /// <summary>Takes no more entries; those that wait are still handed out.</summary>
    public void Close() => _entries.Writer.TryComplete();

    /// <summary>The next entries: as many as come within the window, up to a full batch. Empty once the queue is closed and empty.</summary>
    public async Task<IReadOnlyList<AuditEntry>> TakeAsync(CancellationToken cancellationToken)
    {
        var batch = new List<AuditEntry>();
        if (!await _entries.Reader.WaitToReadAsync(cancellationToken))
            return batch;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var window = Task.Delay(BatchWindow, _time, ended.Token);
        while (batch.Count < BatchSize)
        {
            if (_entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
                continue;
            }

            var more = _entries.Reader.WaitToReadAsync(cancellationToken).AsTask();
            if (await Task.WhenAny(more, window) == window || !await more)
                break;
        }

        await ended.CancelAsync();
        return batch;
    }
}
