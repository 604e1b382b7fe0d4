using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.AuthorizationServer.Tokens;

/// <summary>All that a person granted to clients.</summary>
internal sealed class PersonGrants(Database database, GrantRevocation grants)
{
    /// <summary>Ends every grant of a person, one after the other, each with its record.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EndAllAsync(PersonId person, string reason, CancellationToken cancellationToken)
    {
        var standing = await ListAsync(person, cancellationToken);
        foreach (var (id, clientId) in standing)
            await grants.EndAsync(id, person.Value, clientId, reason);
        return standing.Count;
    }

    private async Task<IReadOnlyList<(string Id, string? ClientId)>> ListAsync(PersonId person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<(string Id, string? ClientId)>(new CommandDefinition(
            """
            SELECT granted.id, client.client_id
            FROM openiddict_authorizations AS granted
            LEFT JOIN openiddict_applications AS client ON client.id = granted.application_id
            WHERE granted.subject = @Person AND granted.status = 'valid'
            """,
            new { Person = person.Value },
            cancellationToken: cancellationToken))];
    }
}
