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
    private readonly Channel<bool> _full = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
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
        else if (_entries.Reader.Count >= BatchSize)
            _full.Writer.TryWrite(true);
    }

    /// <summary>Takes no more entries; those that wait are still handed out.</summary>
    public void Close()
    {
        _entries.Writer.TryComplete();
        _full.Writer.TryComplete();
    }

    /// <summary>The next entries: as many as come within the window, up to a full batch. Empty once the queue is closed and empty.</summary>
    public async Task<IReadOnlyList<AuditEntry>> TakeAsync(CancellationToken cancellationToken)
    {
        var batch = new List<AuditEntry>();
        if (!await _entries.Reader.WaitToReadAsync(cancellationToken))
            return batch;
        if (_entries.Reader.Count < BatchSize)
            await WaitForOthersAsync(cancellationToken);
        _full.Reader.TryRead(out _);
        while (batch.Count < BatchSize && _entries.Reader.TryRead(out var entry))
            batch.Add(entry);
        return batch;
    }

    /// <summary>Waits until the window is over, a batch is full, or the queue is closed; not woken by each entry.</summary>
    private async Task WaitForOthersAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(BatchWindow, _time, ended.Token), _full.Reader.WaitToReadAsync(ended.Token).AsTask());
        await ended.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
