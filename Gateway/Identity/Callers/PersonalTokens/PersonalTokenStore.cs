using System.Data.Common;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.Callers.PersonalTokens;

/// <summary>The personal access tokens that count: the table <c>personal_tokens</c>. One that was revoked is gone from it.</summary>
internal sealed class PersonalTokenStore(Database database)
{
    /// <summary>How many a person may have at once, ended ones that were not removed among them.</summary>
    public const int MaxPerPerson = 25;

    /// <summary>Adds a token.</summary>
    /// <param name="token">What it is.</param>
    /// <param name="hash">Hash of its text.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<AddResult> AddAsync(PersonalToken token, TokenHash hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(transaction, token.PersonId, cancellationToken);
        var names = (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT name FROM personal_tokens WHERE person_id = @Person",
            new { Person = token.PersonId.Value },
            transaction,
            cancellationToken: cancellationToken))).AsList();
        if (names.Contains(token.Name, StringComparer.OrdinalIgnoreCase))
            return AddResult.NameTaken;
        if (names.Count >= MaxPerPerson)
            return AddResult.TooMany;
        await InsertAsync(transaction, token, hash, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return AddResult.Added;
    }

    /// <summary>The token whose text has this hash; null when there is none, or it was revoked.</summary>
    public async Task<PersonalToken?> FindAsync(TokenHash hash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<PersonalTokenRow>(new CommandDefinition(
            $"SELECT {PersonalTokenRow.Columns} FROM personal_tokens WHERE hash = @Hash",
            new { Hash = hash.ToString() },
            cancellationToken: cancellationToken));
        return row?.ToToken();
    }

    /// <summary>A person's tokens, the newest first.</summary>
    public async Task<IReadOnlyList<PersonalToken>> ListAsync(PersonId person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<PersonalTokenRow>(new CommandDefinition(
            $"SELECT {PersonalTokenRow.Columns} FROM personal_tokens WHERE person_id = @Person ORDER BY created_at DESC, id DESC",
            new { Person = person.Value },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToToken())];
    }

    /// <summary>Removes a token; false when the person has none with this id.</summary>
    public async Task<bool> RemoveAsync(PersonId person, PersonalTokenId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM personal_tokens WHERE id = @Id AND person_id = @Person",
            new { Id = id.Value, Person = person.Value },
            cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Notes a use, unless a later one is noted.</summary>
    public async Task NoteUseAsync(PersonalTokenId id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE personal_tokens SET last_used_at = @At WHERE id = @Id AND (last_used_at IS NULL OR last_used_at < @At)",
            new { Id = id.Value, At = at.ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken));
    }

    /// <summary>Makes two requests of one person wait for each other, so that together they keep to the limit. A write that changes nothing locks the row.</summary>
    private static async Task LockAsync(DbTransaction transaction, PersonId person, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "UPDATE persons SET updated_at = updated_at WHERE id = @Person",
            new { Person = person.Value },
            transaction,
            cancellationToken: cancellationToken));

    private static async Task InsertAsync(DbTransaction transaction, PersonalToken token, TokenHash hash, CancellationToken cancellationToken) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO personal_tokens (id, person_id, name, hash, scopes, created_at, expires_at)
            VALUES (@Id, @Person, @Name, @Hash, @Scopes, @CreatedAt, @ExpiresAt)
            """,
            new
            {
                Id = token.Id.Value,
                Person = token.PersonId.Value,
                token.Name,
                Hash = hash.ToString(),
                Scopes = token.Scopes.ToString(),
                CreatedAt = token.CreatedAt.ToUnixTimeMilliseconds(),
                ExpiresAt = token.ExpiresAt.ToUnixTimeMilliseconds(),
            },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>What became of adding a token.</summary>
    internal enum AddResult
    {
        Added,

        /// <summary>The person has one of this name.</summary>
        NameTaken,

        /// <summary>The person has as many as they may.</summary>
        TooMany,
    }
}
