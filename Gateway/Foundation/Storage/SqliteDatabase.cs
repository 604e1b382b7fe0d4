using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Cortex.Foundation.Storage;

/// <summary>
/// An SQLite file in write-ahead mode: readers never wait, writers wait for each other up to <see cref="BusyTimeout"/>. A transaction that
/// will write must begin as a writer, which <c>BeginTransaction()</c> does; one begun as <c>deferred</c> fails at once when it is overtaken.
/// </summary>
internal sealed class SqliteDatabase : Database
{
    /// <summary>How long a statement waits for another writer.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _preparing = new();
    private volatile bool _prepared;

    /// <param name="path">The file; it and its folder are made when they are missing.</param>
    public SqliteDatabase(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        ConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = (int)BusyTimeout.TotalSeconds,
        }.ConnectionString;
    }

    public override DatabaseDialect Dialect => DatabaseDialect.Sqlite;

    /// <summary>Absolute path of the file.</summary>
    public string Path { get; }

    /// <summary>For libraries that open connections of their own (dbup, Entity Framework).</summary>
    public string ConnectionString { get; }

    public override string Description => $"SQLite file '{Path}'";

    public override DbConnection Open()
    {
        PrepareFile();
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {(int)BusyTimeout.TotalMilliseconds}");
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    // SQLite has no asynchronous input and output: opening asynchronously would block just the same.
    public override ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Open());
    }

    /// <summary>Makes the folder, and the file in write-ahead mode (a property of the file, so once is enough).</summary>
    public void PrepareFile()
    {
        if (_prepared)
        {
            return;
        }

        lock (_preparing)
        {
            if (_prepared)
            {
                return;
            }

            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            using var connection = new SqliteConnection(ConnectionString);
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            _prepared = true;
        }
    }

    public override void Dispose()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static void Execute(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        command.ExecuteNonQuery();
    }
}
