using Cortex.Foundation.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Demo;

/// <summary>The demo backend: runs only where a configuration names it (<c>backends.&lt;id&gt;.demo: true</c>).</summary>
internal static class DemoRegistration
{
    /// <summary>Adds the hosted service that runs demo backends. Needs the backend registry and the gateway's addresses.</summary>
    internal static void AddDemo(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<DemoBackends>();
    }
}
