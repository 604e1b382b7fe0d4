using System.Text.Json;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Governance.Audit;

/// <summary>
/// The table <c>audit</c>. A batch goes as one JSON array in one statement: one round trip, and all of it or nothing. Entries that are there
/// already are left alone, so a batch whose answer was lost can be sent again.
/// </summary>
internal sealed class AuditTable(Database database)
{
    private const int TimeoutSeconds = 15;

    private const string PostgreSqlInsert = """
        INSERT INTO audit (id, time, event, outcome, caller, person_id, client_id, method, tool, backend, scope, protocol,
                           request_bytes, response_bytes, latency_ms, status, trace_id, target, value_before, value_after, detail)
        SELECT id, time, event, outcome, caller, person_id, client_id, method, tool, backend, scope, protocol,
               request_bytes, response_bytes, latency_ms, status, trace_id, target, value_before, value_after, detail
        FROM json_to_recordset(CAST(@rows AS json)) AS row (
            id text, time bigint, event text, outcome text, caller text, person_id text, client_id text, method text, tool text,
            backend text, scope text, protocol text, request_bytes bigint, response_bytes bigint, latency_ms double precision,
            status integer, trace_id text, target text, value_before text, value_after text, detail text)
        ON CONFLICT (id) DO NOTHING
        """;

    // jsonb_each hands each object on as it was parsed; json_each would write it out as text, to be parsed anew for every column.
    private const string SqliteInsert = """
        INSERT INTO audit (id, time, event, outcome, caller, person_id, client_id, method, tool, backend, scope, protocol,
                           request_bytes, response_bytes, latency_ms, status, trace_id, target, value_before, value_after, detail)
        SELECT value ->> 'id', value ->> 'time', value ->> 'event', value ->> 'outcome', value ->> 'caller', value ->> 'person_id',
               value ->> 'client_id', value ->> 'method', value ->> 'tool', value ->> 'backend', value ->> 'scope', value ->> 'protocol',
               value ->> 'request_bytes', value ->> 'response_bytes', value ->> 'latency_ms', value ->> 'status',
               value ->> 'trace_id', value ->> 'target', value ->> 'value_before', value ->> 'value_after', value ->> 'detail'
        FROM jsonb_each(@rows)
        WHERE true
        ON CONFLICT (id) DO NOTHING
        """;

    /// <summary>Returns once every entry is durable.</summary>
    public async Task InsertAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var rows = JsonSerializer.Serialize([.. entries.Select(AuditRow.Of)], AuditRowJson.Default.AuditRowArray);
        var insert = database.Dialect == DatabaseDialect.PostgreSql ? PostgreSqlInsert : SqliteInsert;
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(insert, new { rows }, commandTimeout: TimeoutSeconds, cancellationToken: cancellationToken));
    }
}
