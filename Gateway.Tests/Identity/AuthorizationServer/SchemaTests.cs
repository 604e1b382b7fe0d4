using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.Storage;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Migration 0003 against the model of the installed OpenIddict: a new version that wants other tables fails here, not in production.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class SchemaTests(DatabaseDialect dialect)
{
    private TestDatabase _database = null!;
    private AuthorizationDbContext _context = null!;

    [OneTimeSetUp]
    public async Task MigrateAsync()
    {
        _database = await TestDatabase.CreateMigratedAsync(dialect);
        var options = new DbContextOptionsBuilder<AuthorizationDbContext>();
        AuthorizationStorage.Configure(options, _database.Database);
        _context = new AuthorizationDbContext(options.Options);
    }

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        await _context.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task Tables_have_the_columns_of_the_model()
    {
        foreach (var entity in _context.Model.GetEntityTypes())
        {
            var expected = entity.GetProperties().Select(property => $"{property.GetColumnName()} {property.GetColumnType().ToUpperInvariant()} {(property.IsNullable ? "NULL" : "NOT NULL")}");
            Assert.That(await ColumnsAsync(entity.GetTableName()!), Is.EquivalentTo(expected), entity.GetTableName());
        }
    }

    [Test]
    public async Task Tables_have_the_indexes_of_the_model()
    {
        foreach (var entity in _context.Model.GetEntityTypes())
        {
            var expected = entity.GetIndexes().Select(index => $"{string.Join(",", index.Properties.Select(property => property.GetColumnName()))} {index.IsUnique}");
            Assert.That(await IndexesAsync(entity.GetTableName()!), Is.EquivalentTo(expected), entity.GetTableName());
        }
    }

    [Test]
    public async Task Foreign_keys_are_those_of_the_model()
    {
        var expected = _context.Model.GetEntityTypes()
            .SelectMany(entity => entity.GetForeignKeys())
            .Select(key => $"{key.DeclaringEntityType.GetTableName()}.{Column(key)} -> {key.PrincipalEntityType.GetTableName()}");
        Assert.That(await ForeignKeysAsync(), Is.EquivalentTo(expected));
    }

    private static string Column(IForeignKey key) => key.Properties.Single().GetColumnName();

    private async Task<IEnumerable<string>> ColumnsAsync(string table) => await QueryAsync(
        sqlite: """SELECT name || ' ' || type || CASE "notnull" WHEN 1 THEN ' NOT NULL' ELSE ' NULL' END FROM pragma_table_info(@table)""",
        postgreSql: """
            SELECT column_name || ' ' || upper(data_type) || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE ' NULL' END
            FROM information_schema.columns WHERE table_name = @table
            """,
        table);

    private async Task<IEnumerable<string>> IndexesAsync(string table) => await QueryAsync(
        sqlite: """
            SELECT (SELECT group_concat(name) FROM pragma_index_info(list.name)) || CASE list."unique" WHEN 1 THEN ' True' ELSE ' False' END
            FROM pragma_index_list(@table) AS list WHERE list.origin = 'c'
            """,
        postgreSql: """
            SELECT (SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = index.indexrelid)
                || CASE WHEN index.indisunique THEN ' True' ELSE ' False' END
            FROM pg_index AS index WHERE index.indrelid = @table::regclass AND NOT index.indisprimary
            """,
        table);

    private async Task<IEnumerable<string>> ForeignKeysAsync() => await QueryAsync(
        sqlite: """
            SELECT tables.name || '.' || keys."from" || ' -> ' || keys."table"
            FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS keys
            WHERE tables.type = 'table' AND tables.name LIKE @table
            """,
        postgreSql: """
            SELECT conrelid::regclass || '.' || (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) || ' -> ' || confrelid::regclass
            FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text LIKE @table
            """,
        "openiddict%");

    private async Task<IEnumerable<string>> QueryAsync(string sqlite, string postgreSql, string table)
    {
        await using var connection = await _database.Database.OpenAsync(CancellationToken.None);
        return await connection.QueryAsync<string>(dialect == DatabaseDialect.Sqlite ? sqlite : postgreSql, new { table });
    }
}
