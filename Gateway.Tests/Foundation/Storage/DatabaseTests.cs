using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>What both databases give to their users.</summary>
internal sealed class DatabaseTests
{
    [Test]
    public async Task Sqlite_file_is_in_write_ahead_mode_with_foreign_keys_and_a_busy_timeout()
    {
        await using var test = await TestDatabase.CreateAsync(DatabaseDialect.Sqlite);
        await using var connection = await test.Database.OpenAsync(default);
        Assert.That(await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode"), Is.EqualTo("wal"));
        Assert.That(await connection.ExecuteScalarAsync<long>("PRAGMA foreign_keys"), Is.EqualTo(1));
        Assert.That(await connection.ExecuteScalarAsync<long>("PRAGMA busy_timeout"), Is.EqualTo(5000));
    }

    [Test]
    public void Sqlite_folder_is_made_when_it_is_missing()
    {
        var folder = Directory.CreateTempSubdirectory("cortex-sqlite-").FullName;
        using (var database = new SqliteDatabase(Path.Combine(folder, "data", "deep", "cortex.db")))
        {
            using var connection = database.Open();
            Assert.That(File.Exists(database.Path));
        }

        Directory.Delete(folder, recursive: true);
    }

    [TestCaseSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
    public async Task Writers_from_two_replicas_at_once_wait_for_each_other(DatabaseDialect dialect)
    {
        await using var test = await TestDatabase.CreateAsync(dialect);
        using var other = test.OpenAgain();
        await using (var connection = await test.Database.OpenAsync(default))
        {
            await connection.ExecuteAsync("CREATE TABLE counter (count INTEGER); INSERT INTO counter VALUES (0)");
        }

        await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(async () =>
        {
            await using var connection = await (number % 2 == 0 ? test.Database : other).OpenAsync(default);
            for (var step = 0; step < 5; step++)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await connection.ExecuteAsync("UPDATE counter SET count = count + 1", transaction: transaction);
                await transaction.CommitAsync();
            }
        })));

        await using var reader = await other.OpenAsync(default);
        Assert.That(await reader.ExecuteScalarAsync<long>("SELECT count FROM counter"), Is.EqualTo(80));
    }

    [Test]
    public void Description_names_the_database_without_user_or_password()
    {
        using var database = new PostgreSqlDatabase("Host=db.example;Port=5433;Database=cortex;Username=somebody;Password=geheim");
        Assert.That(database.Description, Is.EqualTo("PostgreSQL database 'cortex' at db.example:5433"));
    }
}
