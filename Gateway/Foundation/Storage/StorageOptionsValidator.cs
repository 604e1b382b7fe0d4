using System.Data.Common;
using Cortex.Foundation.Configuration;
using Npgsql;
using StackExchange.Redis;

namespace Cortex.Foundation.Storage;

/// <summary>Checks <c>storage:</c>. Never repeats a connection string, for it may hold a password.</summary>
internal static class StorageOptionsValidator
{
    public static void Validate(StorageOptions options, SectionValidation validation)
    {
        ValidateDatabase(options.Database, validation);
        if (!string.IsNullOrWhiteSpace(options.Redis) && !IsRedis(options.Redis))
        {
            validation.Error(
                "storage.redis",
                "is not a connection string of StackExchange.Redis.",
                "Write host:port and options, for example 'redis:6379,password=${env:REDIS_PASSWORD},ssl=true', or leave it empty to run one replica.");
        }
    }

    private static void ValidateDatabase(string text, SectionValidation validation)
    {
        const string path = "storage.database";
        if (!DatabaseAddress.TryParse(text, out var address))
        {
            validation.Error(path, "does not name a database.", "Write 'sqlite:PATH' or 'postgres:Host=...;Database=...;Username=...;Password=${env:NAME}'.");
        }
        else if (address is DatabaseAddress.Sqlite { Path: ":memory:" })
        {
            validation.Error(path, "would lose everything with the process.", "Name a file, for example 'sqlite:data/cortex.db'.");
        }
        else if (address is DatabaseAddress.PostgreSql postgreSql && !IsPostgreSql(postgreSql.ConnectionString))
        {
            validation.Error(
                path,
                "is not a connection string of Npgsql with a host and a database.",
                "Write 'postgres:Host=...;Database=...;Username=...;Password=${env:NAME}' (keywords: https://www.npgsql.org/doc/connection-string-parameters.html).");
        }
    }

    private static bool IsPostgreSql(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) is { Host.Length: > 0, Database.Length: > 0 };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or DbException)
        {
            return false;
        }
    }

    private static bool IsRedis(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString).EndPoints.Count > 0;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
