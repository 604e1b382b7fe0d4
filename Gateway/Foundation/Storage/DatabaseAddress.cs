using System.Diagnostics.CodeAnalysis;

namespace Cortex.Foundation.Storage;

/// <summary>What <c>storage.database</c> says: a scheme, a colon, and the rest in the scheme's own syntax.</summary>
internal abstract record DatabaseAddress
{
    private const string SqliteScheme = "sqlite:";
    private const string PostgreSqlScheme = "postgres:";

    private DatabaseAddress()
    {
    }

    /// <summary>Reads the scheme; the rest is not checked, but must not be empty.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DatabaseAddress? address)
    {
        address = text switch
        {
            not null when text.StartsWith(SqliteScheme, StringComparison.Ordinal) => new Sqlite(text[SqliteScheme.Length..].Trim()),
            not null when text.StartsWith(PostgreSqlScheme, StringComparison.Ordinal) => new PostgreSql(text[PostgreSqlScheme.Length..].Trim()),
            _ => null,
        };

        return address is Sqlite { Path.Length: > 0 } or PostgreSql { ConnectionString.Length: > 0 };
    }

    /// <summary>A file, absolute or relative to the folder of the configuration file.</summary>
    public sealed record Sqlite(string Path) : DatabaseAddress;

    /// <summary>A server, in Npgsql's connection string syntax. Never print it: it may hold a password.</summary>
    public sealed record PostgreSql(string ConnectionString) : DatabaseAddress
    {
        public override string ToString() => PostgreSqlScheme + "***";
    }
}
