using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>What is on record of clients, for operators. Thread-safe.</summary>
internal sealed class ClientRecords(Database database)
{
    private const string Select = """
        SELECT client.client_id AS Id, client.display_name AS Name, client.client_type AS Type, client.properties AS Properties,
               client.redirect_uris AS RedirectUris, known.registered_at AS RegisteredAt, known.used_at AS UsedAt,
               disabled.disabled_at AS DisabledAt,
               (SELECT COUNT(*) FROM openiddict_authorizations AS granted
                WHERE granted.application_id = client.id AND granted.status = 'valid') AS Grants
        FROM openiddict_applications AS client
        LEFT JOIN self_registered_clients AS known ON known.client_id = client.client_id
        LEFT JOIN disabled_clients AS disabled ON disabled.client_id = client.client_id
        """;

    /// <summary>The client with this id, or null.</summary>
    public async Task<ClientRecord?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<ClientRecord>(new CommandDefinition(
            $"{Select} WHERE client.client_id = @Id", new { Id = clientId }, cancellationToken: cancellationToken));
    }

    /// <summary>Clients in the order of their ids, behind <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<ClientRecord>> ListAsync(string after, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<ClientRecord>(new CommandDefinition(
            $"{Select} WHERE client.client_id > @After ORDER BY client.client_id LIMIT @Most", new { After = after, Most = most }, cancellationToken: cancellationToken))];
    }
}
