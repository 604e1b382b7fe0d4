using System.Data.Common;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.Entitlements;

/// <summary>
/// The plans that persons were given: the table <c>person_plans</c>. A decision never undoes one that was made later. Whoever commits a decision
/// calls <see cref="PersonStandings.TellAsync"/> afterwards. Thread-safe.
/// </summary>
internal sealed class PersonPlans(Database database, PersonStandings standings, TimeProvider time)
{
    /// <summary>Puts a decision on record and tells every replica.</summary>
    public async Task<PlanResult> SetAsync(PlanDecision decision, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await ApplyAsync(decision, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (result is PlanResult.Applied)
            await standings.TellAsync(decision.Person);
        return result;
    }

    /// <summary>Puts a decision on record as a part of <paramref name="transaction"/>.</summary>
    public async Task<PlanResult> ApplyAsync(PlanDecision decision, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;

        // Takes the person's row until the transaction ends: decisions about one person are made one after the other.
        var known = await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE persons SET updated_at = updated_at WHERE id = @Id", new { Id = decision.Person.Value }, transaction, cancellationToken: cancellationToken));
        if (known == 0)
            return PlanResult.NoSuchPerson.Instance;

        var present = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT plan AS Plan, decided_at AS DecidedAt FROM person_plans WHERE person_id = @Id",
            new { Id = decision.Person.Value },
            transaction,
            cancellationToken: cancellationToken));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var decidedAt = decision.At?.ToUnixTimeMilliseconds() ?? Math.Max(now, present?.DecidedAt ?? 0);
        if (present?.DecidedAt > decidedAt)
            return new PlanResult.Superseded(present.Plan);

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO person_plans (person_id, plan, decided_at, since, set_by)
            VALUES (@Id, @Plan, @DecidedAt, @Now, @By)
            ON CONFLICT (person_id)
            DO UPDATE SET plan = excluded.plan, decided_at = excluded.decided_at, since = excluded.since, set_by = excluded.set_by
            """,
            new { Id = decision.Person.Value, decision.Plan, DecidedAt = decidedAt, Now = now, decision.By },
            transaction,
            cancellationToken: cancellationToken));
        return new PlanResult.Applied(present?.Plan);
    }

    /// <summary>How many persons were given each plan, those that the configuration no longer has among them.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var counts = await connection.QueryAsync<(string Plan, long Persons)>(new CommandDefinition(
            "SELECT plan, COUNT(*) FROM person_plans WHERE plan IS NOT NULL GROUP BY plan", cancellationToken: cancellationToken));
        return counts.ToDictionary(count => count.Plan, count => count.Persons, StringComparer.Ordinal);
    }

    private sealed class Row
    {
        public string? Plan { get; init; }

        public long DecidedAt { get; init; }
    }
}
