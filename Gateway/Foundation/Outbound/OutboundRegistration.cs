using System.Net;
using Cortex.Foundation.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Foundation.Outbound;

/// <summary>Registers the guarded HTTP clients.</summary>
internal static class OutboundRegistration
{
    internal static void AddOutbound(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        _ = configuration;
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<HostResolver>(_ => Dns.GetHostAddressesAsync);
        builder.Services.AddSingleton<GuardedHttpClients>();
        builder.Services.AddSingleton<DocumentFetcher>();
    }
}
