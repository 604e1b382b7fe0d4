using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.AuthorizationServer.Tokens;

/// <summary>What is on record of the tokens this server gave: the truth of which a replica's cache is a copy.</summary>
internal sealed class TokenRecords(Database database)
{
    /// <summary>True when neither the token nor its grant was revoked, and its client is not disabled. A token that is not on record does not count.</summary>
    public async ValueTask<bool> StandsAsync(string? entryId, CancellationToken cancellationToken)
    {
        if (entryId is null)
            return false;
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            SELECT COUNT(*)
            FROM openiddict_tokens AS token
            LEFT JOIN openiddict_authorizations AS granted ON granted.id = token.authorization_id
            LEFT JOIN openiddict_applications AS client ON client.id = token.application_id
            LEFT JOIN disabled_clients AS disabled ON disabled.client_id = client.client_id
            WHERE token.id = @Id AND token.status = 'valid' AND (token.authorization_id IS NULL OR granted.status = 'valid') AND disabled.client_id IS NULL
            """,
            new { Id = entryId },
            cancellationToken: cancellationToken)) == 1;
    }
}
