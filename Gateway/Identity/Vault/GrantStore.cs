using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.Vault;

/// <summary>The table <c>linked_accounts</c>: the truth about grants. Every write is one statement that carries its own condition, so that two replicas can't undo each other.</summary>
internal sealed class GrantStore(Database database, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The row; one of version 0 when there is none.</summary>
    public async Task<GrantRow> FindAsync(GrantKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<GrantRow>(new CommandDefinition(
            $"SELECT {GrantRow.Columns} FROM linked_accounts WHERE person_id = @Person AND backend_id = @Backend",
            new { Person = key.Person.Value, Backend = key.Backend.Value },
            cancellationToken: cancellationToken)) ?? GrantRow.Absent(key);
    }

    /// <summary>All that a person ever linked and did not take back, by backend.</summary>
    public async Task<IReadOnlyList<GrantRow>> ListAsync(PersonId person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QueryAsync<GrantRow>(new CommandDefinition(
            $"SELECT {GrantRow.Columns} FROM linked_accounts WHERE person_id = @Person AND state <> '{GrantRow.Unlinked}' ORDER BY backend_id",
            new { Person = person.Value },
            cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Names of the keys that sealed something.</summary>
    public async Task<IReadOnlyList<string>> ListKeyIdsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT DISTINCT key_id FROM linked_accounts WHERE key_id <> '' ORDER BY key_id", cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>How many grants each key has sealed.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountByKeyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QueryAsync<(string Key, long Count)>(new CommandDefinition(
            "SELECT key_id, COUNT(*) FROM linked_accounts WHERE key_id <> '' GROUP BY key_id", cancellationToken: cancellationToken))).ToDictionary(row => row.Key, row => (int)row.Count);
    }

    /// <summary>Grants sealed under another key than this, in the order of their keys' text, from behind <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<GrantRow>> ListSealedUnderOtherAsync(string keyId, GrantRow? after, int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.QueryAsync<GrantRow>(new CommandDefinition(
            $"""
            SELECT {GrantRow.Columns} FROM linked_accounts
            WHERE key_id <> '' AND key_id <> @KeyId AND (person_id > @Person OR (person_id = @Person AND backend_id > @Backend))
            ORDER BY person_id, backend_id LIMIT @Most
            """,
            new { KeyId = keyId, Person = after?.Person ?? "", Backend = after?.Backend ?? "", Most = most },
            cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Writes the same grant under another key; null when it has changed since it was read.</summary>
    public async Task<GrantRow?> ResealAsync(GrantKey key, GrantRow row, SealedGrant grant, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<GrantRow>(new CommandDefinition(
            $"""
            UPDATE linked_accounts SET sealed = @Record, key_id = @KeyId, version = version + 1
            WHERE person_id = @Person AND backend_id = @Backend AND version = @Version AND state = '{GrantRow.Linked}'
            RETURNING {GrantRow.Columns}
            """,
            new { Person = key.Person.Value, Backend = key.Backend.Value, grant.Record, grant.KeyId, row.Version },
            cancellationToken: cancellationToken));
    }

    /// <summary>Writes a grant that the person has just given, in place of any other.</summary>
    public async Task<GrantRow> LinkAsync(GrantKey key, string issuer, SealedGrant grant, GrantTerms terms, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleAsync<GrantRow>(new CommandDefinition(
            $"""
            INSERT INTO linked_accounts (person_id, backend_id, issuer, state, sealed, key_id, scopes, expires_at, version, fence, link_id, linked_at, updated_at)
            VALUES (@Person, @Backend, @Issuer, '{GrantRow.Linked}', @Record, @KeyId, @Scopes, @ExpiresAt, 1, 0, @LinkId, @Now, @Now)
            ON CONFLICT (person_id, backend_id) DO UPDATE SET
                issuer = @Issuer, state = '{GrantRow.Linked}', sealed = @Record, key_id = @KeyId, scopes = @Scopes, expires_at = @ExpiresAt,
                version = linked_accounts.version + 1, fence = 0, link_id = @LinkId, asked_fence = NULL, asked_at = NULL, linked_at = @Now, updated_at = @Now
            RETURNING {GrantRow.Columns}
            """,
            new
            {
                Person = key.Person.Value,
                Backend = key.Backend.Value,
                Issuer = issuer,
                grant.Record,
                grant.KeyId,
                terms.Scopes,
                ExpiresAt = terms.ExpiresAt?.ToUnixTimeMilliseconds(),
                LinkId = Guid.NewGuid().ToString("N"),
                Now,
            },
            cancellationToken: cancellationToken));
    }

    /// <summary>Notes that the provider is about to be asked for new tokens; false when the row has changed since it was read, or a later holder of the lock has asked.</summary>
    public async Task<bool> NoteAskingAsync(GrantKey key, GrantRow row, long fence, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            $"""
            UPDATE linked_accounts SET asked_fence = @Fence, asked_at = @Now
            WHERE person_id = @Person AND backend_id = @Backend AND version = @Version AND state = '{GrantRow.Linked}' AND COALESCE(asked_fence, 0) < @Fence
            """,
            new { Person = key.Person.Value, Backend = key.Backend.Value, row.Version, Fence = fence, Now },
            cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>
    /// Writes tokens of a refresh; null when the person has linked anew or taken the grant back meanwhile, or a later holder of the lock has written.
    /// Tokens that came whole count even where another replica gave the grant up meanwhile.
    /// </summary>
    public async Task<GrantRow?> RenewAsync(GrantKey key, GrantRow row, SealedGrant grant, GrantTerms terms, long fence, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<GrantRow>(new CommandDefinition(
            $"""
            UPDATE linked_accounts SET
                state = '{GrantRow.Linked}', sealed = @Record, key_id = @KeyId, scopes = @Scopes, expires_at = @ExpiresAt,
                version = version + 1, fence = @Fence, asked_fence = NULL, asked_at = NULL, updated_at = @Now
            WHERE person_id = @Person AND backend_id = @Backend AND link_id = @LinkId AND state <> '{GrantRow.Unlinked}' AND fence < @Fence
            RETURNING {GrantRow.Columns}
            """,
            new
            {
                Person = key.Person.Value,
                Backend = key.Backend.Value,
                row.LinkId,
                grant.Record,
                grant.KeyId,
                terms.Scopes,
                ExpiresAt = terms.ExpiresAt?.ToUnixTimeMilliseconds(),
                Fence = fence,
                Now,
            },
            cancellationToken: cancellationToken));
    }

    /// <summary>Gives a grant up and forgets its tokens; null when it has changed since it was read.</summary>
    public Task<GrantRow?> MarkNeedsRelinkAsync(GrantKey key, GrantRow row, CancellationToken cancellationToken) =>
        EndAsync(key, row, GrantRow.NeedsRelink, cancellationToken);

    /// <summary>Takes a grant back and forgets its tokens; null when it has changed since it was read.</summary>
    public Task<GrantRow?> UnlinkAsync(GrantKey key, GrantRow row, CancellationToken cancellationToken) =>
        EndAsync(key, row, GrantRow.Unlinked, cancellationToken);

    private async Task<GrantRow?> EndAsync(GrantKey key, GrantRow row, string state, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<GrantRow>(new CommandDefinition(
            $"""
            UPDATE linked_accounts SET
                state = @State, sealed = @Nothing, key_id = '', expires_at = NULL, version = version + 1, asked_fence = NULL, asked_at = NULL, updated_at = @Now
            WHERE person_id = @Person AND backend_id = @Backend AND version = @Version
            RETURNING {GrantRow.Columns}
            """,
            new { Person = key.Person.Value, Backend = key.Backend.Value, State = state, Nothing = Array.Empty<byte>(), row.Version, Now },
            cancellationToken: cancellationToken));
    }
}

/// <summary>What a provider says about tokens.</summary>
/// <param name="Scopes">Scopes granted, separated by spaces.</param>
/// <param name="ExpiresAt">End of the access token; null when it does not say.</param>
internal readonly record struct GrantTerms(string Scopes, DateTimeOffset? ExpiresAt);
