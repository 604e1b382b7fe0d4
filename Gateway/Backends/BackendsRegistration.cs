using Cortex.Backends.Contract;
using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;

namespace Cortex.Backends;

/// <summary>Registers the backends with YARP.</summary>
internal static class BackendsRegistration
{
    internal static ConfigurationSection<BackendsOptions> Section { get; } = new("backends", BackendsValidation.Validate);

    internal static ConfigurationSection<PlainProxyOptions> PlainProxySection { get; } = new("reverseProxy", PlainProxyValidation.Validate);

    /// <summary>Registers YARP, the backends' clusters and routes, and the plain routes and clusters of <c>reverseProxy:</c>.</summary>
    internal static IReverseProxyBuilder AddBackends(this WebApplicationBuilder builder, IOptionsMonitor<PlainProxyOptions> plain)
    {
        builder.Services.AddSingleton<BackendRegistry>();
        builder.Services.AddSingleton<ContractClient>();
        builder.Services.AddSingleton<IProxyConfigProvider, BackendProxyConfigProvider>();
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder().Add(new PlainProxyConfiguration(plain)).Build();
        return builder.Services.AddReverseProxy().LoadFromConfig(configuration);
    }
}
