using System.Data.Common;
using Npgsql;

namespace Cortex.Foundation.Storage;

/// <summary>A PostgreSQL server, shared by all replicas.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    /// <param name="connectionString">Npgsql's own syntax; names of pool, timeouts and so on are the operator's to set there.</param>
    public PostgreSqlDatabase(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.ApplicationName ??= "Cortex";
        ConnectionString = builder.ConnectionString;
        Description = $"PostgreSQL database '{builder.Database}' at {builder.Host}:{builder.Port}";
        DataSource = NpgsqlDataSource.Create(builder);
    }

    public override DatabaseDialect Dialect => DatabaseDialect.PostgreSql;

    public override string Description { get; }

    /// <summary>The pool, for libraries that take one (Entity Framework).</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>For libraries that open connections of their own (dbup). Holds the password: never print it.</summary>
    public string ConnectionString { get; }

    public override DbConnection Open() => DataSource.OpenConnection();

    public override async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken) =>
        await DataSource.OpenConnectionAsync(cancellationToken);

    public override void Dispose() => DataSource.Dispose();
}
