using Cortex.Foundation.Storage;

namespace Cortex.Tests.Fixtures;

/// <summary>What a gateway under test keeps its state in. <c>CORTEX_TEST_STORAGE=postgres</c> makes PostgreSQL and Redis the default.</summary>
internal sealed class TestStorage : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private TestStorage(TestDatabase database, string? redis)
    {
        _database = database;
        Redis = redis;
    }

    /// <summary>What a test gets that names none.</summary>
    public static DatabaseDialect Default { get; } =
        Environment.GetEnvironmentVariable("CORTEX_TEST_STORAGE") == "postgres" ? DatabaseDialect.PostgreSql : DatabaseDialect.Sqlite;

    public TestDatabase Database => _database;

    /// <summary>Connection string of Redis; null for state in process.</summary>
    public string? Redis { get; }

    /// <summary>A fresh store: a SQLite file with state in process, or PostgreSQL with Redis.</summary>
    /// <param name="dialect">The kind of the database.</param>
    /// <param name="redis">A Redis of the test's own; null for what the kind brings.</param>
    public static async Task<TestStorage> CreateAsync(DatabaseDialect dialect, string? redis = null)
    {
        var database = await TestDatabase.CreateAsync(dialect);
        redis ??= dialect == DatabaseDialect.PostgreSql ? (await RedisServer.SharedAsync()).NextConnectionString() : null;
        return new TestStorage(database, redis);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
