using DbUp.Engine;

namespace Cortex.Foundation.Storage;

/// <summary>
/// Brings the schema up to date from the embedded scripts, forward only, under a lock that all replicas share. What ran is written in the
/// table <c>schema_versions</c>. Names found there that this build does not know come from a newer one and are left alone: every
/// migration keeps the previous version of the gateway working (expand first, contract a version later).
/// </summary>
internal sealed partial class DatabaseMigrator(Database database, ILogger<DatabaseMigrator> logger)
{
    /// <summary>How long a replica waits for another one that is migrating.</summary>
    public static readonly TimeSpan LockDeadline = TimeSpan.FromMinutes(2);

    private readonly IReadOnlyList<SqlScript> _scripts = MigrationScripts.For(database.Dialect);

    /// <summary>Runs what is pending, in the order of the names, each script in a transaction of its own.</summary>
    /// <returns>The names of the scripts that ran now.</returns>
    /// <exception cref="MigrationException">A script failed, the lock was not to be had, or the database does not answer.</exception>
    public IReadOnlyList<string> Migrate(CancellationToken cancellationToken = default) => Guard(() =>
    {
        using var heldLock = MigrationLock.Take(database, LockDeadline, cancellationToken);
        var engine = Build();
        TellOfNewer(engine);
        var isEmpty = engine.GetExecutedScripts().Count == 0;
        var result = engine.PerformUpgrade();
        if (!result.Successful)
        {
            throw new MigrationException(
                $"Migration '{result.ErrorScript?.Name}' of {database.Description} failed: {result.Error.Message.TrimEnd('.')}. Nothing of it was kept; mend the cause and start again.",
                result.Error);
        }

        var ran = result.Scripts.Select(script => script.Name).ToArray();
        if (isEmpty && ran.Length > 0)
        {
            Log.Made(logger, database.Description, ran[^1], ran.Length);
            return ran;
        }

        foreach (var name in ran)
        {
            Log.Migrated(logger, name, database.Description);
        }

        return (IReadOnlyList<string>)ran;
    });

    /// <summary>The names of the scripts that have not run yet. Changes nothing.</summary>
    /// <exception cref="MigrationException">The database does not answer.</exception>
    public IReadOnlyList<string> FindPending() => Guard(() =>
    {
        var engine = Build();
        TellOfNewer(engine);
        return (IReadOnlyList<string>)[.. engine.GetScriptsToExecute().Select(script => script.Name)];
    });

    private UpgradeEngine Build() =>
        MigrationDialect.Target(database)
            .WithScripts(_scripts)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new MigrationLog(logger))
            .Build();

    private void TellOfNewer(UpgradeEngine engine)
    {
        var newer = engine.GetExecutedScripts().Except(_scripts.Select(script => script.Name), StringComparer.Ordinal).ToArray();
        if (newer.Length > 0)
        {
            Log.Newer(logger, database.Description, string.Join(", ", newer));
        }
    }

    // The one place where the databases' own exceptions become a message for the operator.
    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is System.Data.Common.DbException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            throw new MigrationException(
                $"The schema of {database.Description} could not be read or changed: {exception.Message.TrimEnd('.')}. Check storage.database and that the server or file can be reached.",
                exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1100, LogLevel.Information, "Migration {Script} applied to {Database}", EventName = "migration.applied")]
        public static partial void Migrated(ILogger logger, string script, string database);

        [LoggerMessage(1102, LogLevel.Information, "{Database} was empty: made the schema up to migration {Script}, {Count} in all", EventName = "migration.made")]
        public static partial void Made(ILogger logger, string database, string script, int count);

        [LoggerMessage(1101, LogLevel.Information, "{Database} was migrated by a newer version of the gateway ({Scripts}); this version works with it", EventName = "migration.newer")]
        public static partial void Newer(ILogger logger, string database, string scripts);
    }
}
