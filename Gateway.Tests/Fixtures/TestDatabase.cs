using Cortex.Foundation.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cortex.Tests.Fixtures;

/// <summary>A fresh database of either dialect, gone when disposed.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? _folder;

    private TestDatabase(Database database, string? folder)
    {
        Database = database;
        _folder = folder;
    }

    /// <summary>Both dialects, for <c>[TestFixtureSource]</c> and <c>[TestCaseSource]</c>.</summary>
    public static IEnumerable<DatabaseDialect> Dialects { get; } = [DatabaseDialect.Sqlite, DatabaseDialect.PostgreSql];

    public Database Database { get; }

    /// <summary>What <c>storage.database</c> would say.</summary>
    public string Address => Database switch
    {
        SqliteDatabase sqlite => $"sqlite:{sqlite.Path}",
        PostgreSqlDatabase postgreSql => $"postgres:{postgreSql.ConnectionString}",
        _ => throw new NotSupportedException(),
    };

    /// <summary>An empty database.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseDialect dialect)
    {
        if (dialect == DatabaseDialect.PostgreSql)
        {
            var server = await PostgreSqlServer.SharedAsync();
            return new TestDatabase(new PostgreSqlDatabase(await server.CreateDatabaseAsync()), folder: null);
        }

        var folder = Directory.CreateTempSubdirectory("cortex-sqlite-").FullName;
        return new TestDatabase(new SqliteDatabase(Path.Combine(folder, "cortex.db")), folder);
    }

    /// <summary>A database with the whole schema.</summary>
    public static async Task<TestDatabase> CreateMigratedAsync(DatabaseDialect dialect)
    {
        var database = await CreateAsync(dialect);
        new DatabaseMigrator(database.Database, NullLogger<DatabaseMigrator>.Instance).Migrate();
        return database;
    }

    /// <summary>A second way to the same database, as another replica has it.</summary>
    public Database OpenAgain() => Database switch
    {
        SqliteDatabase sqlite => new SqliteDatabase(sqlite.Path),
        PostgreSqlDatabase postgreSql => new PostgreSqlDatabase(postgreSql.ConnectionString),
        _ => throw new NotSupportedException(),
    };

    public ValueTask DisposeAsync()
    {
        Database.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }
}
