using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>A database that can't be used stops the start with a message for the operator.</summary>
internal sealed class DatabaseFailureTests
{
    [Test]
    public void PostgreSql_that_does_not_answer_is_named_without_its_password()
    {
        using var database = new PostgreSqlDatabase($"Host=127.0.0.1;Port={ServerProcess.FreePort()};Database=cortex;Username=u;Password=geheim;Timeout=1");
        Assert.That(
            () => new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).Migrate(),
            Throws.InstanceOf<MigrationException>().With.Message.Contain("PostgreSQL database 'cortex'").And.Message.Contain("storage.database").And.Message.Not.Contain("geheim"));
    }

    [Test]
    public void Sqlite_path_that_is_a_folder_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("cortex-sqlite-").FullName;
        using var database = new SqliteDatabase(folder);
        Assert.That(
            () => new DatabaseMigrator(database, NullLogger<DatabaseMigrator>.Instance).Migrate(),
            Throws.InstanceOf<MigrationException>().With.Message.Contain(folder));
        Directory.Delete(folder, recursive: true);
        File.Delete(folder + ".migrate-lock");
    }
}
