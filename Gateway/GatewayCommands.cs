using Cortex.Cli;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;

namespace Cortex;

/// <summary>What the commands do that need the whole gateway.</summary>
internal static class GatewayCommands
{
    /// <summary><c>cortex serve</c>: runs until the process is told to stop.</summary>
    public static async Task<int> ServeAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        var environment = ProcessEnvironment.Read();
        var configuration = LiveConfiguration.Load(options.ConfigFile, Sections.All, environment);
        var urls = ListeningAddress.Choose(
            options.Urls,
            environment.GetValueOrDefault("ASPNETCORE_URLS"),
            environment.GetValueOrDefault("ASPNETCORE_HTTP_PORTS"),
            configuration.Get<GatewayOptions>().PublicUrl);
        await using var app = GatewayApplication.Build(configuration, urls);
        await GatewayApplication.StartAsync(app, cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    /// <summary><c>cortex migrate</c>: brings the database up to date and ends.</summary>
    public static async Task<int> MigrateAsync(MigrateOptions options, CancellationToken cancellationToken)
    {
        var configuration = LiveConfiguration.Load(options.ConfigFile, Sections.All, ProcessEnvironment.Read());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddLiveConfiguration(configuration);
        builder.AddStorage(configuration);
        await using var app = builder.Build();
        app.Services.GetRequiredService<DatabaseMigrator>().Migrate(cancellationToken);
        return 0;
    }
}
