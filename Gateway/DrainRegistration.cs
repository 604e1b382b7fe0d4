using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Options;

namespace Cortex;

/// <summary>How the gateway stops: <see cref="DrainingLifetime"/> and <see cref="DrainDeadline"/>.</summary>
internal static class DrainRegistration
{
    /// <summary>What is left to the services behind the server once the last call is cut: to write down what was audited, for example.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(10);

    internal static void AddDrain(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IHostLifetime, DrainingLifetime>();
        builder.Services.AddSingleton<DrainDeadline>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptionsMonitor<GatewayOptions>>(
            (host, options) => host.ShutdownTimeout = options.CurrentValue.Drain.Deadline + Closing);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var deadline = kestrel.ApplicationServices.GetRequiredService<DrainDeadline>();
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => deadline.RunAsync(next, connection)));
        });
    }
}
