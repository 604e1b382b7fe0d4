using System.Data.Common;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>Migrations on both databases.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class DatabaseMigratorTests(DatabaseDialect dialect)
{
    private TestDatabase _test = null!;

    private Database Database => _test.Database;

    [SetUp]
    public async Task CreateAsync() => _test = await TestDatabase.CreateAsync(dialect);

    [TearDown]
    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Test]
    public async Task Migrate_of_an_empty_database_runs_every_script_once()
    {
        var expected = MigrationScripts.For(dialect).Select(script => script.Name).ToArray();
        Assert.That(Migrator(Database).FindPending(), Is.EqualTo(expected));
        Assert.That(Migrator(Database).Migrate(), Is.EqualTo(expected));
        Assert.That(Migrator(Database).Migrate(), Is.Empty);
        Assert.That(Migrator(Database).FindPending(), Is.Empty);
        Assert.That(await JournalAsync(), Is.EqualTo(expected));
    }

    [Test]
    public async Task Migrate_by_four_replicas_at_once_runs_every_script_once()
    {
        var replicas = Enumerable.Range(0, 4).Select(_ => _test.OpenAgain()).ToArray();
        var ran = await Task.WhenAll(replicas.Select(replica => Task.Run(() => Migrator(replica).Migrate())));

        var expected = MigrationScripts.For(dialect).Select(script => script.Name).ToArray();
        Assert.That(ran.SelectMany(names => names), Is.EquivalentTo(expected));
        Assert.That(await JournalAsync(), Is.EqualTo(expected));
        Array.ForEach(replicas, replica => replica.Dispose());
    }

    [Test]
    public void Start_with_migrate_never_is_refused_while_migrations_are_missing()
    {
        var preparation = new MigrationPreparation(Migrator(Database), Database, new StorageOptions { Migrate = MigrateMode.Never });
        Assert.That(
            async () => await preparation.PrepareAsync(default),
            Throws.InstanceOf<MigrationException>().With.Message.Contain("0001_keys").And.Message.Contain("cortex migrate"));

        Migrator(Database).Migrate();
        Assert.That(async () => await preparation.PrepareAsync(default), Throws.Nothing);
    }

    [Test]
    public async Task Database_of_a_newer_version_is_accepted_and_told()
    {
        Migrator(Database).Migrate();
        await using (var connection = await Database.OpenAsync(default))
        {
            await connection.ExecuteAsync(dialect == DatabaseDialect.Sqlite
                ? "INSERT INTO schema_versions (ScriptName, Applied) VALUES ('9999_from_the_future', datetime('now'))"
                : "INSERT INTO schema_versions (scriptname, applied) VALUES ('9999_from_the_future', now())");
        }

        var log = new RecordingLogger<DatabaseMigrator>();
        Assert.That(new DatabaseMigrator(Database, log).Migrate(), Is.Empty);
        Assert.That(log.Records, Has.One.Matches<(LogLevel Level, string Message)>(
            record => record.Level == LogLevel.Information && record.Message.Contains("9999_from_the_future", StringComparison.Ordinal)));
        Assert.That(log.Records, Has.None.Matches<(LogLevel Level, string Message)>(record => record.Level > LogLevel.Information));
    }

    [Test]
    public async Task Script_that_fails_is_named_and_leaves_nothing_behind()
    {
        await using (var connection = await Database.OpenAsync(default))
        {
            await connection.ExecuteAsync("CREATE TABLE keys (id TEXT)");
        }

        Assert.That(() => Migrator(Database).Migrate(), Throws.InstanceOf<MigrationException>().With.Message.Contain("'0001_keys'"));
        Assert.That(Migrator(Database).FindPending(), Does.Contain("0001_keys"));
    }

    [Test]
    public void Lock_held_by_another_replica_for_too_long_is_an_error_that_says_so()
    {
        using var held = MigrationLock.Take(Database, TimeSpan.FromSeconds(1), default);
        using var other = _test.OpenAgain();
        Assert.That(
            () => MigrationLock.Take(other, TimeSpan.FromMilliseconds(100), default),
            Throws.InstanceOf<TimeoutException>().With.Message.Contain("Another replica has been migrating"));
    }

    [Test]
    public void Lock_is_free_again_when_its_holder_is_done()
    {
        MigrationLock.Take(Database, TimeSpan.FromSeconds(1), default).Dispose();
        Assert.That(() => MigrationLock.Take(Database, TimeSpan.FromSeconds(1), default).Dispose(), Throws.Nothing);
    }

    private static DatabaseMigrator Migrator(Database database) => new(database, NullLogger<DatabaseMigrator>.Instance);

    private async Task<IReadOnlyList<string>> JournalAsync()
    {
        await using DbConnection connection = await Database.OpenAsync(default);
        return [.. await connection.QueryAsync<string>("SELECT scriptname FROM schema_versions ORDER BY scriptname")];
    }
}
