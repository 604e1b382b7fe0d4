using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>
/// What persons allowed clients to hold, remembered for <see cref="Lifetime"/>: the table <c>consents</c>. A consent is for the redirect URI that
/// the person saw: a client may have registered others, that lead elsewhere.
/// </summary>
internal sealed class ConsentStore(Database database, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>The scopes that need no question now; empty when there are none.</summary>
    public async Task<ScopeSet> FindAsync(ConsentQuestion question, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var scopes = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            """
            SELECT scopes FROM consents
            WHERE person_id = @Person AND client_id = @Client AND redirect_uri = @RedirectUri AND expires_at > @Now
            """,
            new { Person = question.Person.Id.Value, Client = question.ClientId, question.RedirectUri, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
        return ScopeSet.ParseLenient(scopes);
    }

    /// <summary>Remembers what is held from now on, in place of what was.</summary>
    public async Task SaveAsync(ConsentQuestion question, ScopeSet scopes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO consents (person_id, client_id, redirect_uri, scopes, granted_at, expires_at)
            VALUES (@Person, @Client, @RedirectUri, @Scopes, @Now, @End)
            ON CONFLICT (person_id, client_id, redirect_uri)
            DO UPDATE SET scopes = excluded.scopes, granted_at = excluded.granted_at, expires_at = excluded.expires_at
            """,
            new
            {
                Person = question.Person.Id.Value,
                Client = question.ClientId,
                question.RedirectUri,
                Scopes = scopes.ToString(),
                Now = now.ToUnixTimeMilliseconds(),
                End = (now + Lifetime).ToUnixTimeMilliseconds(),
            },
            cancellationToken: cancellationToken));
    }

    /// <summary>Forgets what anyone allowed a client that is no more.</summary>
    public async Task ForgetClientAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM consents WHERE client_id = @Client", new { Client = clientId }, cancellationToken: cancellationToken));
    }
}
