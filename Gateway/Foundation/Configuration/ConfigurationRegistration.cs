using Cortex.Foundation.Configuration.Reload;
using Cortex.Foundation.Observability;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Cortex.Foundation.Configuration;

/// <summary>Puts the running configuration into the container.</summary>
internal static class ConfigurationRegistration
{
    /// <summary>
    /// Registers <c>IOptionsMonitor&lt;T&gt;</c> and <c>IOptions&lt;T&gt;</c> (the current value) for each section's options type,
    /// the gateway's addresses, and the reload on change.
    /// </summary>
    internal static void AddLiveConfiguration(this IServiceCollection services, LiveConfiguration configuration)
    {
        services.AddSingleton(configuration);
        foreach (var type in configuration.Sections.Select(section => section.OptionsType))
        {
            var monitor = configuration.Monitor(type);
            services.AddSingleton(typeof(IOptionsMonitor<>).MakeGenericType(type), monitor);
            services.AddSingleton(typeof(IOptions<>).MakeGenericType(type), monitor);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(ReloadInterval.Default);
        services.AddSingleton<GatewayAddresses>();
        services.TryAddSingleton<Readiness>();
        services.AddHostedService<ReloadService>();
    }
}
