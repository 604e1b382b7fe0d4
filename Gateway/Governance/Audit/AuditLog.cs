using System.Diagnostics;

namespace Cortex.Governance.Audit;

/// <summary>
/// Where everything worth remembering is written: a JSON line on stdout and a row in the table <c>audit</c>.
/// The person appears under a pseudonym; free text is cleaned by <see cref="AuditText"/>. Thread-safe.
/// </summary>
internal sealed class AuditLog(AuditLines lines, AuditQueue queue, AuditTable table, Pseudonyms pseudonyms, TimeProvider time)
{
    /// <summary>
    /// Notes a record: the line goes out at once, the row follows in a batch. Never waits. A row is lost only when the process dies first, or
    /// the database stays away longer than <see cref="AuditQueue.Capacity"/> records last.
    /// </summary>
    public void Record(AuditRecord record)
    {
        var entry = Enter(record);
        lines.Write(entry);
        queue.Add(entry);
    }

    /// <summary>
    /// Writes a record and returns once its row is durable; the line follows. Throws what the database throws, and then nothing was noted:
    /// who asks for durability must not go on without it.
    /// </summary>
    public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var entry = Enter(record);
        await table.InsertAsync([entry], cancellationToken);
        lines.Write(entry);
    }

    private AuditEntry Enter(AuditRecord record)
    {
        var moment = record.Time == default ? time.GetUtcNow() : record.Time.ToUniversalTime();
        var kept = record with
        {
            Time = moment,
            TraceId = record.TraceId ?? Activity.Current?.TraceId.ToHexString(),
            ClientId = AuditText.Clean(record.ClientId, AuditText.MaxName),
            Method = AuditText.Clean(record.Method, AuditText.MaxName),
            Tool = AuditText.Clean(record.Tool, AuditText.MaxName),
            Scope = AuditText.Clean(record.Scope, AuditText.MaxName),
            ProtocolVersion = AuditText.Clean(record.ProtocolVersion, AuditText.MaxName),
            Target = pseudonyms.Find(record.TargetPersonId) ?? AuditText.Clean(record.Target, AuditText.MaxName),
            Detail = AuditText.Clean(record.Detail, AuditText.MaxDetail),
        };
        return new AuditEntry(Guid.CreateVersion7(moment).ToString("N"), kept, pseudonyms.Find(record.PersonId));
    }
}
