using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Governance.Audit;

/// <summary>Lets people see what is on record of themselves. Records of the last second may not be there yet.</summary>
internal sealed class AuditHistory(Database database)
{
    /// <summary>The newest records of one person, the newest first.</summary>
    public async Task<IReadOnlyList<AuditMoment>> FindOwnAsync(PersonId person, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<AuditMoment>(new CommandDefinition(
            """
            SELECT time, event, outcome, client_id AS clientId, method, tool, backend FROM audit
            WHERE person_id = @Person ORDER BY time DESC, id DESC LIMIT @Most
            """,
            new { Person = person.Value, Most = most },
            cancellationToken: cancellationToken));
        return [.. rows];
    }
}

/// <summary>What a person sees of one record. <c>Time</c> is unix milliseconds; the rest is as in <see cref="AuditRecord"/>.</summary>
internal sealed record AuditMoment(long Time, string Event, string Outcome, string? ClientId, string? Method, string? Tool, string? Backend);
