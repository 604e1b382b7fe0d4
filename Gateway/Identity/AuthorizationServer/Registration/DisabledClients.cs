using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Dapper;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>
/// The clients that an operator has shut out: the table <c>disabled_clients</c>. They get no token, and none of theirs counts; their grants stay, so
/// that they go on where they were once they are let in again. Thread-safe.
/// </summary>
internal sealed class DisabledClients(Database database, Revocations revocations, TimeProvider time)
{
    /// <summary>True for a client that is shut out.</summary>
    public async Task<bool> IncludeAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT COUNT(*) FROM disabled_clients WHERE client_id = @Client", new { Client = clientId }, cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Shuts a client out or lets it in again, and has every replica look up anew the tokens that it knows.</summary>
    /// <returns>False when it was so already.</returns>
    public async Task<bool> SetAsync(string clientId, bool isDisabled, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var hasChanged = await connection.ExecuteAsync(new CommandDefinition(
            isDisabled
                ? "INSERT INTO disabled_clients (client_id, disabled_at) VALUES (@Client, @Now) ON CONFLICT (client_id) DO NOTHING"
                : "DELETE FROM disabled_clients WHERE client_id = @Client",
            new { Client = clientId, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken)) == 1;
        if (isDisabled)
            await revocations.TellAllAsync();
        return hasChanged;
    }
}
