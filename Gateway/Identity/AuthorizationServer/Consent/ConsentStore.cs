using System.Data.Common;
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
        return ScopeSet.ParseLenient((await ReadAsync(connection, question, cancellationToken))?.Scopes);
    }

    /// <summary>
    /// Remembers an answer: of the scopes that were asked for, these were granted. What was remembered beside them stays, and lets nothing be
    /// remembered for longer than its own 30 days.
    /// </summary>
    public async Task SaveAsync(ConsentQuestion question, ScopeSet granted, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var end = (now + Lifetime).ToUnixTimeMilliseconds();
        await using var connection = await database.OpenAsync(cancellationToken);
        var known = await ReadAsync(connection, question, cancellationToken);
        var beside = ScopeSet.ParseLenient(known?.Scopes).Except(question.Scopes);
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
                Scopes = beside.Union(granted).ToString(),
                Now = now.ToUnixTimeMilliseconds(),
                End = beside.Count > 0 ? Math.Min(end, known!.ExpiresAt) : end,
            },
            cancellationToken: cancellationToken));
    }

    /// <summary>Forgets what a person allowed a client, wherever its answers go.</summary>
    public async Task ForgetAsync(PersonId person, string clientId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM consents WHERE person_id = @Person AND client_id = @Client",
            new { Person = person.Value, Client = clientId },
            cancellationToken: cancellationToken));
    }

    /// <summary>What a person allows now, one row for each client and redirect URI.</summary>
    public async Task<IReadOnlyList<ConsentRow>> ListAsync(PersonId person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<ConsentRow>(new CommandDefinition(
            """
            SELECT client_id AS clientId, redirect_uri AS redirectUri, scopes, granted_at AS grantedAt, expires_at AS expiresAt FROM consents
            WHERE person_id = @Person AND expires_at > @Now AND scopes <> ''
            """,
            new { Person = person.Value, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
        return [.. rows];
    }

    /// <summary>Forgets what anyone allowed a client that is no more.</summary>
    public async Task ForgetClientAsync(string clientId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM consents WHERE client_id = @Client", new { Client = clientId }, cancellationToken: cancellationToken));
    }

    private Task<ConsentRow?> ReadAsync(DbConnection connection, ConsentQuestion question, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<ConsentRow>(new CommandDefinition(
            """
            SELECT client_id AS clientId, redirect_uri AS redirectUri, scopes, granted_at AS grantedAt, expires_at AS expiresAt FROM consents
            WHERE person_id = @Person AND client_id = @Client AND redirect_uri = @RedirectUri AND expires_at > @Now
            """,
            new { Person = question.Person.Id.Value, Client = question.ClientId, question.RedirectUri, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
}

/// <summary>One row of the table <c>consents</c>. Moments are unix milliseconds.</summary>
internal sealed record ConsentRow(string ClientId, string RedirectUri, string Scopes, long GrantedAt, long ExpiresAt);
