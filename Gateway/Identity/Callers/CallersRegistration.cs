using Cortex.Foundation.Configuration;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Sealing;
using Cortex.Identity.Callers.Issuers;
using Cortex.Identity.Callers.PersonalTokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Callers;

/// <summary>
/// Registers who may come in. Needs the configuration, storage, sealing, outbound and limits rooms, and <see cref="AdvertisedScopes"/> of entitlements.
/// </summary>
internal static class CallersRegistration
{
    internal static ConfigurationSection Section => IdentitySection.Section;

    internal static void AddCallers(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        _ = configuration;
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GatewayAddresses>();
        services.TryAddSingleton<FindToolset>(_ => _ => null);
        services.TryAddSingleton<TokenStands>(_ => (_, _) => ValueTask.FromResult(true));
        services.Replace(ServiceDescriptor.Singleton<CurrentKeySchedule>(provider =>
        {
            var options = provider.GetRequiredService<IOptionsMonitor<IdentityOptions>>();
            return () => options.CurrentValue.Keys.ToSchedule();
        }));
        services.AddSingleton<PersonStore>();
        services.AddSingleton<TokenCache>();
        services.AddSingleton<Revocations>();
        services.AddHostedService(provider => provider.GetRequiredService<Revocations>());
        services.AddSingleton<PersonalTokenStore>();
        services.AddSingleton<PersonalTokenUses>();
        services.AddHostedService(provider => provider.GetRequiredService<PersonalTokenUses>());
        services.AddSingleton<PersonalTokenValidation>();
        services.AddSingleton<TokenValidator>();
        services.AddSingleton<RefusedTokenLimits>();
        services.AddSingleton<IssuerDiscovery>();
        services.AddSingleton<EmbeddedIssuer>();
        services.AddSingleton<Func<IssuerOptions, IssuerKeys>>(provider => issuer => new IssuerKeys(
            issuer,
            provider.GetRequiredService<IssuerDiscovery>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IssuerKeys>>()));
        services.AddSingleton<Func<IssuerOptions, TokenIntrospection?>>(provider => issuer => issuer.Introspection is not { } introspection ? null : new TokenIntrospection(
            issuer,
            introspection,
            provider.GetRequiredService<GuardedHttpClients>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TokenIntrospection>>()));
        services.AddSingleton<IssuerDirectory>();
        services.AddSingleton<ProtectedResources>();
        services.AddSingleton<ProtectedResourceMetadata>();
        services.AddSingleton<IAuthorizationHandler, RequiredScopesHandler>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, CallerAuthenticationHandler>(CallerAuthentication.Scheme, null);
        services.AddAuthorizationBuilder().AddPolicy(CallerAuthentication.McpPolicy, policy => policy
            .AddAuthenticationSchemes(CallerAuthentication.Scheme)
            .RequireAuthenticatedUser()
            .AddRequirements(new RequiredScopes())).AddPolicy(CallerAuthentication.AdminPolicy, policy => policy
            .AddAuthenticationSchemes(CallerAuthentication.Scheme)
            .RequireAuthenticatedUser());
    }

    /// <summary>Maps the protected-resource metadata: the root form, that of <c>/mcp</c>, of each toolset, and of the operator API.</summary>
    internal static void MapProtectedResourceMetadata(this IEndpointRouteBuilder endpoints)
    {
        const string root = "/.well-known/oauth-protected-resource";
        var resources = endpoints.ServiceProvider.GetRequiredService<ProtectedResources>();
        var metadata = endpoints.ServiceProvider.GetRequiredService<ProtectedResourceMetadata>();
        endpoints.MapWellKnown(root, _ => metadata.Write(resources.Mcp));
        endpoints.MapWellKnown($"{root}/mcp", _ => metadata.Write(resources.Mcp));
        endpoints.MapWellKnown($"{root}/api/admin", _ => metadata.Write(resources.Admin));
        endpoints.MapWellKnown($"{root}/mcp/{{toolset}}", context =>
            resources.FindToolset((string)context.Request.RouteValues["toolset"]!) is { } toolset ? metadata.Write(toolset) : null);
    }
}
