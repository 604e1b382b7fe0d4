using System.Data.Common;
using System.Net.Sockets;
using Cortex.Cli;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;

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

    /// <summary><c>cortex keys list | rotate</c>.</summary>
    public static async Task<int> KeysAsync(KeysOptions options, CancellationToken cancellationToken)
    {
        var builder = CommandHost.Create(options.ConfigFile, out var configuration);
        builder.Logging.ClearProviders();
        builder.AddSealing(configuration);
        builder.AddOutbound(configuration);
        builder.Services.AddVault();
        await using var app = builder.Build();

        // Neither migrated nor made here: what is missing must be seen, not mended.
        foreach (var connection in app.Services.GetServices<IPreparation>().OfType<RedisConnection>())
            await connection.PrepareAsync(cancellationToken);
        var rotation = app.Services.GetRequiredService<VaultKeyRotation>();
        try
        {
            rotation.Load();
            if (options.Rotate)
                return await rotation.RunAsync(options.Output.WriteLine, cancellationToken) == RotationResult.Done ? 0 : 2;
            var uses = await rotation.ListAsync(cancellationToken);
            foreach (var use in uses)
                await options.Output.WriteLineAsync($"{use.Id}  {(use.Seals ? "seals" : use.IsAtHand ? "opens" : "MISSING")}  {use.Describe()}".AsMemory(), cancellationToken);
            return uses.All(use => use.IsAtHand) ? 0 : 1;
        }
        catch (DbException exception)
        {
            throw new SealingException($"The database can't be read: {exception.Message} Start the gateway once, or run 'cortex migrate'.", exception);
        }
    }

    /// <summary><c>cortex migrate</c>: brings the database up to date and ends.</summary>
    public static async Task<int> MigrateAsync(MigrateOptions options, CancellationToken cancellationToken)
    {
        await using var app = CommandHost.Create(options.ConfigFile, out _).Build();
        app.Services.GetRequiredService<DatabaseMigrator>().Migrate(cancellationToken);
        return 0;
    }
}
