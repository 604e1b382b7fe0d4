using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.Entitlements;

/// <summary>What is on record of persons, for operators and for billing. Thread-safe.</summary>
internal sealed class PersonRecords(Database database, PersonStandings standings, TimeProvider time)
{
    private const string Select = """
        SELECT persons.id AS Id, persons.issuer AS Issuer, persons.subject AS Subject, persons.email AS Email,
               persons.email_verified AS EmailVerified, persons.name AS Name, persons.role AS Role, persons.pool AS Pool,
               given.plan AS Plan, given.since AS PlanSince, given.set_by AS PlanSetBy,
               persons.disabled_at AS DisabledAt, persons.created_at AS CreatedAt
        FROM persons LEFT JOIN person_plans AS given ON given.person_id = persons.id
        """;

    /// <summary>The person with this id, or null.</summary>
    public async Task<PersonRecord?> FindAsync(PersonId person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<PersonRecord>(new CommandDefinition(
            $"{Select} WHERE persons.id = @Id", new { Id = person.Value }, cancellationToken: cancellationToken));
    }

    /// <summary>The person whom an issuer calls so, or null.</summary>
    public async Task<PersonRecord?> FindAsync(string issuer, string subject, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<PersonRecord>(new CommandDefinition(
            $"{Select} WHERE persons.issuer = @Issuer AND persons.subject = @Subject", new { Issuer = issuer, Subject = subject }, cancellationToken: cancellationToken));
    }

    /// <summary>Persons with this verified address, two at most: whoever finds more than one can't tell whom is meant.</summary>
    public async Task<IReadOnlyList<PersonRecord>> FindByEmailAsync(string email, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<PersonRecord>(new CommandDefinition(
            $"{Select} WHERE LOWER(persons.email) = LOWER(@Email) AND persons.email_verified = @Yes ORDER BY persons.id LIMIT 2",
            new { Email = email, Yes = true },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Persons in the order in which they came.</summary>
    /// <param name="search">A part of their address, name or subject, in any case; null: all.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<PersonRecord>> ListAsync(string? search, PersonId? after, int most, CancellationToken cancellationToken)
    {
        var pattern = search is null ? null : $"%{search.ToLowerInvariant().Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<PersonRecord>(new CommandDefinition(
            $"""
            {Select}
            WHERE persons.id > @After
              AND (CAST(@Pattern AS TEXT) IS NULL OR LOWER(COALESCE(persons.email, '')) LIKE @Pattern ESCAPE '!'
                   OR LOWER(COALESCE(persons.name, '')) LIKE @Pattern ESCAPE '!' OR LOWER(persons.subject) LIKE @Pattern ESCAPE '!')
            ORDER BY persons.id
            LIMIT @Most
            """,
            new { After = after?.Value ?? "", Pattern = pattern, Most = most },
            cancellationToken: cancellationToken))];
    }

    /// <summary>Shuts a person out or lets them in again, and tells every replica.</summary>
    /// <returns>False when they are not known, or it was so already.</returns>
    public async Task<bool> SetDisabledAsync(PersonId person, bool isDisabled, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            isDisabled
                ? "UPDATE persons SET disabled_at = @Now WHERE id = @Id AND disabled_at IS NULL"
                : "UPDATE persons SET disabled_at = NULL WHERE id = @Id AND disabled_at IS NOT NULL",
            new { Id = person.Value, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
        if (changed == 1)
            await standings.TellAsync(person);
        return changed == 1;
    }
}
