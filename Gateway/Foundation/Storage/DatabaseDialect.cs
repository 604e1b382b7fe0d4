namespace Cortex.Foundation.Storage;

/// <summary>The database that holds the truth.</summary>
internal enum DatabaseDialect
{
    /// <summary>An embedded file, one replica.</summary>
    Sqlite,

    /// <summary>PostgreSQL, any number of replicas.</summary>
    PostgreSql,
}
