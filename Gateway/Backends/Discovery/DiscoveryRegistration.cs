using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Backends.Discovery;

/// <summary>Discovery, where the configuration asks for it.</summary>
internal static class DiscoveryRegistration
{
    /// <summary>Adds it. Switched off it costs nothing: the cluster's client is not even loaded.</summary>
    internal static void AddDiscovery(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        if (configuration.Get<DiscoveryOptions>().Kubernetes.Enabled)
            AddKubernetes(builder.Services);
    }

    private static void AddKubernetes(IServiceCollection services)
    {
        services.TryAddSingleton(new DiscoverySchedule());
        services.AddSingleton<KubernetesDiscovery>();
        services.AddSingleton<IPreparation>(provider => provider.GetRequiredService<KubernetesDiscovery>());
        services.AddHostedService(provider => provider.GetRequiredService<KubernetesDiscovery>());
    }
}
