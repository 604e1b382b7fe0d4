using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>Registers what callers may use.</summary>
internal static class EntitlementsRegistration
{
    internal static void AddEntitlements(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        _ = configuration;
        var services = builder.Services;
        services.TryAddSingleton<KnownScopes>();
        services.AddSingleton<EntitlementPolicy>();
        services.AddSingleton<StandingListeners>();
        services.AddSingleton<PersonStandings>();
        services.AddHostedService(provider => provider.GetRequiredService<PersonStandings>());
        services.AddSingleton<CallerEntitlements>();
        services.AddSingleton<OperatorPolicy>();
        services.AddSingleton<PlannedScopes>();
        services.AddSingleton<PersonPlans>();
        services.AddSingleton<PersonRecords>();
        services.AddHostedService<PlanWatch>();
        services.AddSingleton(provider => new AdvertisedScopes(
            provider.GetRequiredService<IOptionsMonitor<IdentityOptions>>(),
            () => provider.GetRequiredService<KnownScopes>().All));
    }

    /// <summary>Goes after <c>UseAuthorization</c>, and before whatever asks for the caller.</summary>
    internal static void UseEntitlements(this IApplicationBuilder app) => app.UseMiddleware<EntitlementMiddleware>();
}
