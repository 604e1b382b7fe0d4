using System.Data.Common;
using Cortex.Foundation.Model;
using Dapper;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>The table <c>integrity_baselines</c>: one row a backend and signer, replaced as a whole and only by who knows what it replaces.</summary>
internal sealed class BaselineStore(TimeProvider time)
{
    private const string Select = "SELECT signer AS Signer, revision AS Revision, document AS Document, signature AS Signature FROM integrity_baselines";

    /// <summary>The baselines of one backend, by signer.</summary>
    public static async Task<IReadOnlyDictionary<BaselineSigner, SignedBaseline>> ReadAsync(
        DbConnection connection, BackendId backend, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(Select + " WHERE backend_id = @Backend", new { Backend = backend.Value }, transaction, cancellationToken: cancellationToken));
        var read = new Dictionary<BaselineSigner, SignedBaseline>();
        foreach (var row in rows)
        {
            if (BaselineSignerWords.TryParse(row.Signer, out var signer))
                read[signer.Value] = new SignedBaseline(backend, signer.Value, row.Revision, row.Document, row.Signature);
        }

        return read;
    }

    /// <summary>The backends that have a baseline.</summary>
    public static async Task<IReadOnlyList<BackendId>> ListBackendsAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var ids = await connection.QueryAsync<string>(new CommandDefinition("SELECT DISTINCT backend_id FROM integrity_baselines ORDER BY backend_id", cancellationToken: cancellationToken));
        return [.. ids.Where(id => BackendId.TryParse(id, out _)).Select(BackendId.Parse)];
    }

    /// <summary>Replaces the row of revision <paramref name="expected"/>, 0 for none; false when another was faster.</summary>
    public async Task<bool> TryReplaceAsync(DbConnection connection, SignedBaseline baseline, long expected, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        const string insert = """
            INSERT INTO integrity_baselines (backend_id, signer, revision, document, signature, updated_at)
            VALUES (@Backend, @Signer, @Revision, @Document, @Signature, @Now)
            ON CONFLICT DO NOTHING
            """;
        const string update = """
            UPDATE integrity_baselines SET revision = @Revision, document = @Document, signature = @Signature, updated_at = @Now
            WHERE backend_id = @Backend AND signer = @Signer AND revision = @Expected
            """;
        var parameters = new
        {
            Backend = baseline.Backend.Value,
            Signer = baseline.Signer.Word(),
            baseline.Revision,
            baseline.Document,
            baseline.Signature,
            Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Expected = expected,
        };
        return await connection.ExecuteAsync(new CommandDefinition(expected == 0 ? insert : update, parameters, transaction, cancellationToken: cancellationToken)) == 1;
    }

    private sealed class Row
    {
        public string Signer { get; init; } = "";

        public long Revision { get; init; }

        public string Document { get; init; } = "";

        public string Signature { get; init; } = "";
    }
}
