using System.Text.Json;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.Linking.Clients;

/// <summary>
/// The table <c>provider_clients</c>. A record opens for its issuer and redirect URI alone; one whose key is gone counts as absent, since a client can be
/// registered anew. Thread-safe.
/// </summary>
internal sealed class RegisteredClientStore(Database database, Sealer sealer, TimeProvider time)
{
    /// <summary>The client of the gateway at an issuer; null when there is none that can be used.</summary>
    public async Task<RegisteredClient?> FindAsync(string issuer, string redirectUri, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var record = await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
            "SELECT sealed FROM provider_clients WHERE issuer = @Issuer AND redirect_uri = @RedirectUri AND (expires_at IS NULL OR expires_at > @Now)",
            new { Issuer = issuer, RedirectUri = redirectUri, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
        return record is not null && sealer.TryOpen(record, AssociatedData(issuer, redirectUri)) is { } plaintext
            ? JsonSerializer.Deserialize(plaintext, RegisteredClientJson.Default.RegisteredClient)
            : null;
    }

    /// <summary>Keeps a client in place of any other of the same issuer and redirect URI.</summary>
    public async Task SaveAsync(string issuer, string redirectUri, RegisteredClient client, CancellationToken cancellationToken)
    {
        var record = sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(client, RegisteredClientJson.Default.RegisteredClient), AssociatedData(issuer, redirectUri));
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO provider_clients (issuer, redirect_uri, client_id, sealed, expires_at, registered_at)
            VALUES (@Issuer, @RedirectUri, @ClientId, @Record, @ExpiresAt, @Now)
            ON CONFLICT (issuer, redirect_uri) DO UPDATE SET client_id = @ClientId, sealed = @Record, expires_at = @ExpiresAt, registered_at = @Now
            """,
            new { Issuer = issuer, RedirectUri = redirectUri, client.ClientId, Record = record, client.ExpiresAt, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
    }

    /// <summary>Forgets a client that its provider does not know any more, unless another has taken its place.</summary>
    public async Task ForgetAsync(string issuer, string redirectUri, string clientId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM provider_clients WHERE issuer = @Issuer AND redirect_uri = @RedirectUri AND client_id = @ClientId",
            new { Issuer = issuer, RedirectUri = redirectUri, ClientId = clientId },
            cancellationToken: cancellationToken));
    }

    private static string AssociatedData(string issuer, string redirectUri) => $"provider-client/{redirectUri} {issuer}";
}
