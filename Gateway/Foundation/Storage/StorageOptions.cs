namespace Cortex.Foundation.Storage;

/// <summary>The root key <c>storage:</c>: where the gateway keeps what it must not forget.</summary>
internal sealed class StorageOptions
{
    /// <summary>
    /// Where the truth is kept: <c>sqlite:PATH</c> (relative to the folder of the configuration file; one replica) or
    /// <c>postgres:CONNECTION STRING</c> (Npgsql's own syntax; any number of replicas).
    /// </summary>
    public string Database { get; init; } = "sqlite:data/cortex.db";

    /// <summary>
    /// Where replicas share short-lived state: a connection string of StackExchange.Redis (<c>host:6379,password=${env:REDIS_PASSWORD}</c>).
    /// Unset: it is kept in this process, which suits one replica only.
    /// </summary>
    public string? Redis { get; init; }

    /// <summary>When the database schema is brought up to date.</summary>
    public MigrateMode Migrate { get; init; } = MigrateMode.OnStart;
}

/// <summary>When the database schema is brought up to date.</summary>
internal enum MigrateMode
{
    /// <summary>Before the gateway listens, under a lock that replicas share.</summary>
    OnStart,

    /// <summary>Only by <c>cortex migrate</c>; a start on an older schema is refused.</summary>
    Never,
}
