using System.Net.Sockets;
using Cortex.Cli;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;

namespace Cortex;

/// <summary>What the commands do that need the whole gateway.</summary>
internal static class GatewayCommands
{
    /// <summary><c>cortex serve</c>: runs until the process is told to stop.</summary>
    /// <param name="cancellationToken">Ends the start. What runs is stopped by <see cref="DrainingLifetime"/>, in steps.</param>
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
        await StartAsync(app, urls, cancellationToken);
        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }

    private static async Task StartAsync(WebApplication app, string urls, CancellationToken cancellationToken)
    {
        try
        {
            await GatewayApplication.StartAsync(app, cancellationToken);
        }
        catch (Exception exception) when (IsAboutListening(exception, urls))
        {
            throw new ListeningException(urls, exception.Message, exception);
        }
        finally
        {
            // What had started already takes its end for a stop then, and not for a failure of its own.
            if (!app.Lifetime.ApplicationStarted.IsCancellationRequested)
                app.Lifetime.StopApplication();
        }
    }

    // Kestrel's own words: the address is taken or not this machine's, the port is reserved, https has no certificate.
    private static bool IsAboutListening(Exception exception, string urls) => exception
        is IOException or SocketException
        || (exception is InvalidOperationException && urls.Contains("https://", StringComparison.OrdinalIgnoreCase));

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
