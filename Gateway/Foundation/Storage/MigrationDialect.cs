using Dapper;
using DbUp;
using DbUp.Builder;
using Npgsql;

namespace Cortex.Foundation.Storage;

/// <summary>What dbup needs to know of each database: how to reach it, and where the journal is.</summary>
internal static class MigrationDialect
{
    private const string Journal = "schema_versions";

    public static UpgradeEngineBuilder Target(Database database) => database switch
    {
        SqliteDatabase sqlite => Target(sqlite),
        PostgreSqlDatabase postgreSql => Target(postgreSql),
        _ => throw new NotSupportedException($"There are no migrations for {database.Description}."),
    };

    private static UpgradeEngineBuilder Target(SqliteDatabase database)
    {
        database.PrepareFile();
        return DeployChanges.To.SqliteDatabase(database.ConnectionString).JournalToSqliteTable(Journal);
    }

    // dbup looks for its journal in every schema unless it is told one, and would take that of a neighbour for ours.
    private static UpgradeEngineBuilder Target(PostgreSqlDatabase database)
    {
        using var connection = database.Open();
        var schema = connection.ExecuteScalar<string>("SELECT current_schema()");

        // Not pooled: nothing uses this connection string again, and a pool would keep a session open for minutes.
        var own = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString;
        return DeployChanges.To.PostgresqlDatabase(own).JournalToPostgresqlTable(schema, Journal);
    }
}
