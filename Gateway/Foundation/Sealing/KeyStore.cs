using System.Data.Common;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Foundation.Sealing;

/// <summary>The table <c>keys</c>. Each row is sealed with its purpose and id as associated data, so that no row can stand in for another.</summary>
internal sealed class KeyStore(Database database, Sealer sealer, KeyRing ring) : ISealedRecords
{
    private const string Select = "SELECT id AS Id, purpose AS Purpose, generation AS Generation, created_at AS CreatedAt, sealed AS Sealed FROM keys";

    private const string Insert = """
        INSERT INTO keys (id, purpose, generation, created_at, sealed)
        VALUES (@Id, @Purpose, @Generation, @CreatedAt, @Sealed)
        ON CONFLICT DO NOTHING
        """;

    public string What => "keys";

    /// <summary>The keys of a purpose, newest generation first.</summary>
    /// <exception cref="SealingException">One of them can't be opened.</exception>
    public async Task<IReadOnlyList<StoredKey>> ListAsync(string purpose, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return Open(await connection.QueryAsync<Row>(new CommandDefinition(
            Select + " WHERE purpose = @purpose ORDER BY generation DESC, created_at DESC, id", new { purpose }, cancellationToken: cancellationToken)));
    }

    /// <summary>As <see cref="ListAsync"/>, for a framework that leaves no asynchronous way.</summary>
    public IReadOnlyList<StoredKey> List(string purpose)
    {
        using var connection = database.Open();
        return Open(connection.Query<Row>(Select + " WHERE purpose = @purpose ORDER BY created_at, id", new { purpose }));
    }

    /// <summary>Writes the key unless its id, or its generation of the purpose, is taken: read back to see who was first.</summary>
    public async Task AddIfAbsentAsync(StoredKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Insert, Seal(key), cancellationToken: cancellationToken));
    }

    /// <summary>Removes a key for good; nothing when it is gone already.</summary>
    public async Task RemoveAsync(StoredKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "DELETE FROM keys WHERE id = @Id AND purpose = @Purpose", new { key.Id, key.Purpose }, cancellationToken: cancellationToken));
    }

    /// <summary>As <see cref="AddIfAbsentAsync"/>, for a framework that leaves no asynchronous way.</summary>
    public void AddIfAbsent(StoredKey key)
    {
        using var connection = database.Open();
        connection.Execute(Insert, Seal(key));
    }

    /// <summary>Opens every row, to find a missing key before anything is used or made.</summary>
    /// <exception cref="SealingException">Names what is missing.</exception>
    public async Task RequireAllOpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        Open(await ReadAsync(connection, cancellationToken));
    }

    public async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await ReadAsync(connection, cancellationToken)).CountBy(row => SealedLayout.FindKeyId(row.Sealed) ?? "").ToDictionary();
    }

    public async Task ResealAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var row in await ReadAsync(connection, cancellationToken))
        {
            var associatedData = AssociatedData(row.Purpose, row.Id);
            if (SealedLayout.FindKeyId(row.Sealed) == ring.Active.Id || sealer.TryOpen(row.Sealed, associatedData) is not { } material)
                continue;
            await connection.ExecuteAsync(new CommandDefinition(
                "UPDATE keys SET sealed = @Fresh WHERE id = @Id AND purpose = @Purpose AND sealed = @Sealed",
                new { row.Id, row.Purpose, row.Sealed, Fresh = sealer.Seal(material, associatedData) },
                cancellationToken: cancellationToken));
        }
    }

    private static async Task<IReadOnlyList<Row>> ReadAsync(DbConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<Row>(new CommandDefinition(Select, cancellationToken: cancellationToken))).AsList();

    private static string AssociatedData(string purpose, string id) => $"keys/{purpose}/{id}";

    private object Seal(StoredKey key) => new
    {
        key.Id,
        key.Purpose,
        key.Generation,
        CreatedAt = key.CreatedAt.ToUnixTimeMilliseconds(),
        Sealed = sealer.Seal(key.Material, AssociatedData(key.Purpose, key.Id)),
    };

    private StoredKey[] Open(IEnumerable<Row> rows) => [.. rows.Select(Open)];

    private StoredKey Open(Row row) => sealer.TryOpen(row.Sealed, AssociatedData(row.Purpose, row.Id)) is { } material
        ? new StoredKey(row.Id, row.Purpose, row.Generation, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt), material)
        : throw new SealingException(Explain(row));

    private string Explain(Row row)
    {
        var what = $"The stored {row.Purpose} key '{row.Id}' of {database.Description}";
        return SealedLayout.FindKeyId(row.Sealed) switch
        {
            null => $"{what} is not a sealed record: the row was changed outside the gateway. Restore it from a backup.",
            var id when ring.Find(id) is null =>
                $"{what} is sealed under the key '{id}', which is not at hand. Add the key '{id}' to vault.keys, or put back the key file that holds it. Nothing was changed.",
            var id =>
                $"{what} does not open under the key '{id}': either vault.keys holds other bytes under that id than those that sealed it, or the row was changed outside the gateway. Nothing was changed.",
        };
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Purpose { get; init; } = "";

        public int? Generation { get; init; }

        public long CreatedAt { get; init; }

        public byte[] Sealed { get; init; } = [];
    }
}
