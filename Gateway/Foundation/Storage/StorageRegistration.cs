using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Foundation.Storage;

/// <summary>Puts the database, its migrations and the shared state into the container.</summary>
internal static class StorageRegistration
{
    internal static ConfigurationSection Section { get; } =
        new ConfigurationSection<StorageOptions>("storage", StorageOptionsValidator.Validate, hotReload: false);

    /// <summary>Preparations: the migrations, then the connection to Redis where one is configured.</summary>
    internal static void AddStorage(this WebApplicationBuilder builder, LiveConfiguration configuration) =>
        builder.Services.AddStorage(configuration.Get<StorageOptions>(), configuration.BaseDirectory);

    /// <param name="baseDirectory">Where relative paths count from.</param>
    internal static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options, string baseDirectory)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => OpenDatabase(options, baseDirectory));
        services.AddSingleton<DatabaseMigrator>();
        services.AddSingleton<IPreparation>(provider =>
            new MigrationPreparation(provider.GetRequiredService<DatabaseMigrator>(), provider.GetRequiredService<Database>(), options));

        if (string.IsNullOrWhiteSpace(options.Redis))
        {
            services.AddSingleton<ISharedState, InProcessSharedState>();
            return services;
        }

        services.AddSingleton(provider => new RedisConnection(options.Redis, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPreparation>(provider => provider.GetRequiredService<RedisConnection>());
        services.AddSingleton<RedisBus>();
        services.AddSingleton<ISharedState, RedisSharedState>();
        return services;
    }

    private static Database OpenDatabase(StorageOptions options, string baseDirectory) =>
        (DatabaseAddress.TryParse(options.Database, out var address) ? address : null) switch
        {
            DatabaseAddress.Sqlite sqlite => new SqliteDatabase(Path.Combine(baseDirectory, sqlite.Path)),
            DatabaseAddress.PostgreSql postgreSql => new PostgreSqlDatabase(postgreSql.ConnectionString),
            _ => throw new InvalidOperationException("storage.database was not validated."),
        };
}
