using Cortex.Backends;
using Cortex.Backends.Discovery;
using Cortex.Builtins;
using Cortex.Catalog;
using Cortex.Console;
using Cortex.Console.Billing;
using Cortex.Console.Operators;
using Cortex.Demo;
using Cortex.Feedback;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Governance.Audit;
using Cortex.Governance.Integrity;
using Cortex.Governance.Limits;
using Cortex.Identity.AuthorizationServer;
using Cortex.Identity.Callers;
using Cortex.Identity.Credentials;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Linking;
using Cortex.Identity.Minting;
using Cortex.Identity.Vault;
using Cortex.Mcp;
using Cortex.Sessions;

namespace Cortex;

/// <summary>Puts the wings together: what is registered, in which order requests pass, what is served.</summary>
internal static class GatewayApplication
{
    /// <summary>Builds the gateway for a valid configuration; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="configuration">The configuration it runs on.</param>
    /// <param name="urls">Listening addresses, separated by <c>;</c>.</param>
    /// <param name="environmentName">Name of the hosting environment; null: what <c>ASPNETCORE_ENVIRONMENT</c> says.</param>
    /// <param name="customize">Last say over what is registered; for tests.</param>
    public static WebApplication Build(
        LiveConfiguration configuration, string urls, string? environmentName = null, Action<WebApplicationBuilder>? customize = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(GatewayApplication).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = environmentName,
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(urls.Split(';'));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddDrain();

        builder.Services.AddLiveConfiguration(configuration);
        builder.Services.AddProblemDetails();
        builder.AddObservability(configuration.Get<GatewayOptions>().Management.Port);
        builder.AddStorage(configuration);
        builder.AddSealing(configuration);
        builder.AddOutbound(configuration);
        builder.AddAudit();
        builder.AddLimits();
        builder.Services.AddIntegrity();
        var proxy = builder.AddBackends(configuration.Monitor<PlainProxyOptions>());
        builder.AddDiscovery(configuration);
        builder.AddCallers(configuration);
        builder.AddEntitlements(configuration);
        builder.AddMinting(configuration);
        builder.AddAuthorizationServer(configuration);
        builder.Services.AddVault();
        builder.AddLinking(configuration);
        builder.AddCredentials(configuration);
        builder.AddSessions();
        builder.AddCatalog();
        builder.AddFeedback();
        builder.AddBuiltins();
        builder.AddMcp(proxy);
        builder.AddConsole(configuration);
        builder.AddOperators();
        builder.AddBilling();
        builder.AddDemo(configuration);
        builder.Services.AddSingleton<OwnHosts>();
        builder.Services.AddHostedService<Welcome>();
        customize?.Invoke(builder);

        var app = builder.Build();
        UsePipeline(app, configuration);
        return app;
    }

    /// <summary>Prepares what must be there before the gateway listens, then starts it.</summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellationToken)
    {
        foreach (var preparation in app.Services.GetServices<IPreparation>())
            await preparation.PrepareAsync(cancellationToken);
        await app.StartAsync(cancellationToken);
    }

    private static void UsePipeline(WebApplication app, LiveConfiguration configuration)
    {
        app.UseTrustedProxies(configuration.Get<GatewayOptions>());
        app.UseObservability();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRefusalAudit();
        app.UseMiddleware<HostMiddleware>();
        app.UseMcpOrigin();
        app.UseAuthorizationServer();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseEntitlements();
        app.UseRequestLimits();
        if (configuration.Get<IdentityOptions>().SignsPeopleIn)
            app.UseAntiforgery();

        app.MapProtectedResourceMetadata();
        app.MapIdentityIssuer();
        app.MapAuthorizationServer();
        app.MapLinking();
        app.MapConsole(configuration);
        app.MapOperators(configuration);
        app.MapBilling();
        app.MapMcp();
    }
}
