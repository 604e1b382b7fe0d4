using System.Data.Common;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Definitions;
using Dapper;

namespace Cortex.Governance.Integrity.Quarantine;

/// <summary>The table <c>integrity_quarantine</c>.</summary>
internal static class QuarantineStore
{
    private const int MaxName = 200;

    private const string Columns = """
        id AS Id, backend_id AS BackendId, kind AS Kind, name AS Name, fingerprint AS Fingerprint, origin AS Origin, change AS Change, state AS State,
        findings AS Findings, seen_at AS SeenAt, decided_by AS DecidedBy, decided_at AS DecidedAt
        """;

    /// <summary>What is in quarantine of one backend, without the definitions.</summary>
    public static async Task<IReadOnlyList<QuarantineRow>> ReadAsync(DbConnection connection, BackendId backend, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<QuarantineRow>(new CommandDefinition(
            $"SELECT {Columns} FROM integrity_quarantine WHERE backend_id = @Backend", new { Backend = backend.Value }, cancellationToken: cancellationToken))];

    /// <summary>A page of all backends or one, in the order of the ids.</summary>
    public static async Task<IReadOnlyList<QuarantineRow>> ListAsync(
        DbConnection connection, BackendId? backend, string? state, QuarantineId? after, int most, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {Columns}, definition AS Definition FROM integrity_quarantine
            WHERE (CAST(@Backend AS TEXT) IS NULL OR backend_id = @Backend) AND (CAST(@State AS TEXT) IS NULL OR state = @State) AND id > @After
            ORDER BY id
            LIMIT @Most
            """;
        var parameters = new { Backend = backend?.Value, State = state, After = after?.Value ?? "", Most = most };
        return [.. await connection.QueryAsync<QuarantineRow>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))];
    }

    /// <summary>The backends of which something is in quarantine.</summary>
    public static async Task<IReadOnlyList<BackendId>> ListBackendsAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var ids = await connection.QueryAsync<string>(new CommandDefinition("SELECT DISTINCT backend_id FROM integrity_quarantine ORDER BY backend_id", cancellationToken: cancellationToken));
        return [.. ids.Where(id => BackendId.TryParse(id, out _)).Select(BackendId.Parse)];
    }

    public static Task<QuarantineRow?> FindAsync(DbConnection connection, QuarantineId id, DbTransaction? transaction, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<QuarantineRow>(new CommandDefinition(
            $"SELECT {Columns}, definition AS Definition FROM integrity_quarantine WHERE id = @Id", new { Id = id.Value }, transaction, cancellationToken: cancellationToken));

    /// <summary>Puts a definition into quarantine; false when it is there already.</summary>
    public static async Task<bool> TryAddAsync(
        DbConnection connection, BackendId backend, Verdict verdict, bool isPersonal, long now, DbTransaction transaction, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO integrity_quarantine (id, backend_id, kind, name, fingerprint, definition, origin, change, state, findings, seen_at)
            VALUES (@Id, @Backend, @Kind, @Name, @Fingerprint, @Definition, @Origin, @Change, 'pending', @Findings, @Now)
            ON CONFLICT DO NOTHING
            """;
        var definition = verdict.Definition;
        var parameters = new
        {
            Id = QuarantineId.Of(backend, definition.Key, definition.Fingerprint).Value,
            Backend = backend.Value,
            Kind = definition.Key.Kind.Word(),
            Name = Shown(definition.Key.Name),
            Fingerprint = definition.Fingerprint.Value,
            Definition = definition.Problem is null ? definition.Json : null,
            Origin = isPersonal ? "personal" : "shared",
            Change = verdict.Approved is null ? "new" : "changed",
            Findings = JsonSerializer.Serialize(verdict.Findings, FindingJson.Default.IReadOnlyListFinding),
            Now = now,
        };
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)) == 1;
    }

    /// <summary>Takes a definition out of quarantine; false when it is not there.</summary>
    public static async Task<bool> RemoveAsync(DbConnection connection, QuarantineId id, DbTransaction transaction, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM integrity_quarantine WHERE id = @Id", new { Id = id.Value }, transaction, cancellationToken: cancellationToken)) == 1;

    /// <summary>Forgets what only persons' own lists showed and nobody decided upon since.</summary>
    public static Task RemoveOldAsync(DbConnection connection, BackendId backend, long before, DbTransaction transaction, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM integrity_quarantine WHERE backend_id = @Backend AND origin = 'personal' AND state = 'pending' AND seen_at < @Before",
            new { Backend = backend.Value, Before = before },
            transaction,
            cancellationToken: cancellationToken));

    /// <summary>Puts a person's refusal on record; false when it is on record already, or there is nothing to refuse.</summary>
    public static async Task<bool> RejectAsync(DbConnection connection, QuarantineId id, PersonId by, long now, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE integrity_quarantine SET state = 'rejected', decided_by = @By, decided_at = @Now WHERE id = @Id AND state = 'pending'",
            new { Id = id.Value, By = by.Value, Now = now },
            cancellationToken: cancellationToken)) == 1;

    /// <summary>What a database and a person can take of a name.</summary>
    private static string Shown(string name)
    {
        var shown = new StringBuilder();
        foreach (var rune in name.EnumerateRunes().Take(MaxName))
            shown.Append(rune.Value == 0 ? "\uFFFD" : rune.ToString());
        return shown.ToString();
    }
}
