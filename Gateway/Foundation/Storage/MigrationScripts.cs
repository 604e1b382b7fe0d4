using DbUp.Engine;

namespace Cortex.Foundation.Storage;

/// <summary>The scripts embedded from <c>Migrations/Sqlite</c> and <c>Migrations/PostgreSql</c>, named by their file names without extension.</summary>
internal static class MigrationScripts
{
    private const string Extension = ".sql";

    /// <summary>The scripts of a dialect in the order in which they run.</summary>
    public static IReadOnlyList<SqlScript> For(DatabaseDialect dialect)
    {
        var assembly = typeof(MigrationScripts).Assembly;
        var prefix = $"{typeof(MigrationScripts).Namespace}.Migrations.{dialect}.";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new SqlScript(name[prefix.Length..^Extension.Length], Read(name))),
        ];

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
