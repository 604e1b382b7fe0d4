using Cortex.Foundation.Configuration;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.ClientDocuments;
using Cortex.Identity.AuthorizationServer.Clients;
using Cortex.Identity.AuthorizationServer.Consent;
using Cortex.Identity.AuthorizationServer.Protocol;
using Cortex.Identity.AuthorizationServer.Registration;
using Cortex.Identity.AuthorizationServer.SignIn;
using Cortex.Identity.AuthorizationServer.SignIn.MagicLink;
using Cortex.Identity.AuthorizationServer.Storage;
using Cortex.Identity.AuthorizationServer.Tokens;
using Cortex.Identity.Callers;
using Cortex.Identity.Callers.PersonalTokens;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Identity.AuthorizationServer;

/// <summary>
/// Puts the embedded authorization server together, on top of the sign-in (<see cref="SignInRegistration"/>), which is there without it too where an
/// issuer has a browser client. With <c>identity.authorizationServer.enabled: false</c> nothing else of it is registered or served. Order in the pipeline:
/// <c>UseAuthorizationServer</c>, <c>UseRouting</c>, <c>UseAuthentication</c>, <c>MapAuthorizationServer</c>.
/// </summary>
internal static class AuthorizationServerRegistration
{
    /// <summary>Registers the server; throws <see cref="ConfigurationException"/> when a sign-in must not run here.</summary>
    internal static void AddAuthorizationServer(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        var identity = configuration.Get<IdentityOptions>();
        var options = identity.AuthorizationServer;
        if (identity.SignsPeopleIn)
            builder.AddSignIn(configuration);
        if (!options.Enabled)
            return;
        DevelopmentSignInGuard.Require(options, builder.Environment, configuration.File);

        var address = new Uri(configuration.Get<GatewayOptions>().PublicUrl);
        var secure = address.Scheme == Uri.UriSchemeHttps;
        var services = builder.Services;
        services.AddSingleton<AuthorizationServerMarker>();
        services.AddDbContext<AuthorizationDbContext>((provider, context) => AuthorizationStorage.Configure(context, provider.GetRequiredService<Database>()));
        ServerSetup.AddServer(services, plaintext: !secure && address.IsLoopback, options.RefreshReuseLeeway);
        services.AddHostedService<TokenPruning>();
        services.AddCors();
        services.AddSingleton<ScopePolicy>();
        services.AddSingleton<ResourcePolicy>();
        services.AddScoped<ClientRegistry>();
        AddTokens(services);
        AddClients(services);
        services.AddSingleton<ClientUses>();
        services.AddSingleton<ClientExpiry>();
        services.AddHostedService(provider => provider.GetRequiredService<ClientExpiry>());
        AddDocuments(services);
        services.AddSingleton<SignInMethod, DevelopmentSignIn>();
        MagicLinkRegistration.AddMagicLink(services);
        AddConsent(services);
    }

    /// <summary>Opens metadata, token and registration endpoints to pages of every origin, and holds all to their limits. Call it before <c>UseAuthentication</c>.</summary>
    internal static void UseAuthorizationServer(this WebApplication app)
    {
        if (IsEnabled(app))
        {
            app.UseWhen(
                context => ServerPaths.OpenToAllOrigins.Contains(context.Request.Path.Value, StringComparer.OrdinalIgnoreCase),
                branch => branch.UseCors(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()));
        }

        app.UseSignIn();
    }

    /// <summary>Maps the endpoints and pages.</summary>
    internal static void MapAuthorizationServer(this WebApplication app)
    {
        app.MapSignIn();
        if (!IsEnabled(app))
            return;
        app.MapMethods(ServerPaths.Authorize, [HttpMethods.Get, HttpMethods.Post], (HttpContext context, AuthorizeEndpoint endpoint) => endpoint.HandleAsync(context));
        app.MapPost(ServerPaths.Token, (HttpContext context, TokenEndpoint endpoint) => endpoint.HandleAsync(context));
        app.MapPost(ServerPaths.Register, RegistrationEndpoint.HandleAsync);
    }

    private static void AddTokens(IServiceCollection services)
    {
        services.AddSingleton<RefreshReplies>();
        services.AddScoped<GrantRevocation>();
        services.AddScoped<PersonGrants>();
        services.AddScoped<Redemption>();
        services.AddScoped<TokenEndpoint>();
        services.AddSingleton<TokenRecords>();
        services.AddSingleton<PersonalTokenIssuer>();
        services.AddSingleton<TokenStands>(provider => provider.GetRequiredService<TokenRecords>().StandsAsync);
    }

    private static void AddClients(IServiceCollection services)
    {
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<MachineGrant>();
        services.AddScoped<ConfiguredClients>();
        services.AddScoped<ClientRemoval>();
        services.AddSingleton<ClientRecords>();
        services.AddSingleton<DisabledClients>();
        services.AddHostedService<ClientReloading>();
    }

    private static void AddDocuments(IServiceCollection services)
    {
        services.TryAddSingleton(new DocumentTrust(OutboundTrust.Discovered));
        services.AddSingleton<DocumentPolicy>();
        services.AddSingleton<DocumentLimits>();
        services.AddSingleton<DocumentFetches>();
        services.AddSingleton<DocumentClients>();
        services.AddSingleton<ClientDocumentDirectory>();
    }

    private static void AddConsent(IServiceCollection services)
    {
        services.AddSingleton<ConsentStore>();
        services.AddSingleton<ConsentSeal>();
        services.AddSingleton<ConsentAudit>();
        services.AddScoped<ClientNames>();
        services.AddScoped<ConnectedClients>();
        services.AddScoped<ConsentPages>();
        services.AddScoped<AuthorizeEndpoint>();
    }

    private static bool IsEnabled(WebApplication app) => app.Services.GetService<AuthorizationServerMarker>() is not null;

    /// <summary>Tells that the server was registered.</summary>
    private sealed class AuthorizationServerMarker;
}
