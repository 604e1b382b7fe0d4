using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>When clients that made themselves known were registered and last got a token: the table <c>self_registered_clients</c>.</summary>
internal sealed class ClientUses(Database database, TimeProvider time)
{
    /// <summary>A use is noted this often at most.</summary>
    public static readonly TimeSpan Precision = TimeSpan.FromHours(1);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Notes a client, ahead of the client itself: a row without a client does no harm, a client without a row would never end.</summary>
    public Task AddAsync(string clientId, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO self_registered_clients (client_id, registered_at) VALUES (@Client, @Now)
        ON CONFLICT (client_id) DO UPDATE SET registered_at = excluded.registered_at, used_at = NULL
        """,
        new { Client = clientId, Now },
        cancellationToken);

    /// <summary>Notes that a client got a token; nothing happens for a client that is not of this kind.</summary>
    public Task NoteAsync(string clientId, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE self_registered_clients SET used_at = @Now WHERE client_id = @Client AND (used_at IS NULL OR used_at < @Before)",
        new { Client = clientId, Now, Before = Now - (long)Precision.TotalMilliseconds },
        cancellationToken);

    /// <summary>Clients without a first token since <paramref name="unusedBefore"/>, or without any since <paramref name="lastUsedBefore"/>; none that is disabled, which would come back as if it were not.</summary>
    public async Task<IReadOnlyList<string>> FindDueAsync(
        DateTimeOffset unusedBefore, DateTimeOffset lastUsedBefore, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var due = await connection.QueryAsync<string>(new CommandDefinition(
            """
            SELECT client_id FROM self_registered_clients
            WHERE ((used_at IS NULL AND registered_at < @Unused) OR used_at < @LastUsed)
              AND NOT EXISTS (SELECT 1 FROM disabled_clients AS disabled WHERE disabled.client_id = self_registered_clients.client_id)
            ORDER BY client_id LIMIT @Most
            """,
            new { Unused = unusedBefore.ToUnixTimeMilliseconds(), LastUsed = lastUsedBefore.ToUnixTimeMilliseconds(), Most = most },
            cancellationToken: cancellationToken));
        return due.AsList();
    }

    /// <summary>Forgets a client that is no more.</summary>
    public Task RemoveAsync(string clientId, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM self_registered_clients WHERE client_id = @Client", new { Client = clientId }, cancellationToken);

    private async Task ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }
}
