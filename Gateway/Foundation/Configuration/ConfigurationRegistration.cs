namespace Cortex.Foundation.Configuration;

/// <summary>Puts the running configuration into the container.</summary>
internal static class ConfigurationRegistration
{
    /// <summary>Registers <c>IOptionsMonitor&lt;T&gt;</c> for each section's options type, the gateway's addresses and the reload on change.</summary>
    internal static void AddLiveConfiguration(this IServiceCollection services, LiveConfiguration configuration)
    {
        services.AddSingleton(configuration);
        services.AddSingleton<GatewayAddresses>();
    }
}
