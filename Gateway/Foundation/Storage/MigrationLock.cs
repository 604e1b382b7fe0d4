using Npgsql;

namespace Cortex.Foundation.Storage;

/// <summary>
/// Lets one replica migrate at a time. PostgreSQL: a session advisory lock on a connection of its own, gone when the process dies.
/// SQLite: an exclusive lock on the file <c>{database}.migrate-lock</c>, gone likewise; the file stays, since deleting it would let a third replica in.
/// </summary>
internal static class MigrationLock
{
    // "cortex" in ASCII. Advisory locks are per database, so neighbours on the same server do not meet here.
    private const long AdvisoryKey = 0x636F_7274_6578;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">Another replica held the lock for longer than <paramref name="deadline"/>.</exception>
    public static IDisposable Take(Database database, TimeSpan deadline, CancellationToken cancellationToken) => database switch
    {
        SqliteDatabase sqlite => TakeFile(sqlite.Path + ".migrate-lock", deadline, cancellationToken),
        PostgreSqlDatabase postgreSql => TakeAdvisory(postgreSql.ConnectionString, deadline),
        _ => throw new NotSupportedException($"There is no migration lock for {database.Description}."),
    };

    private static FileStream TakeFile(string path, TimeSpan deadline, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception)
            {
                if (TimeProvider.System.GetElapsedTime(started) > deadline)
                {
                    throw Late(deadline, exception);
                }
            }

            cancellationToken.WaitHandle.WaitOne(Pause);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // Not pooled: closing the connection ends the session, and with it the lock.
    private static NpgsqlConnection TakeAdvisory(string connectionString, TimeSpan deadline)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SET lock_timeout = {(long)deadline.TotalMilliseconds}; SELECT pg_advisory_lock({AdvisoryKey})";
            command.CommandTimeout = 0;
            command.ExecuteNonQuery();
            return connection;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            connection.Dispose();
            throw Late(deadline, exception);
        }
        catch (NpgsqlException)
        {
            connection.Dispose();
            throw;
        }
    }

    private static TimeoutException Late(TimeSpan deadline, Exception exception) =>
        new($"Another replica has been migrating for more than {deadline.TotalSeconds:0} s.", exception);
}
