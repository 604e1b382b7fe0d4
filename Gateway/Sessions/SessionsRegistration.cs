using Cortex.Foundation.Configuration;
using Cortex.Sessions.Upstream;
using Microsoft.Extensions.Options;

namespace Cortex.Sessions;

/// <summary>Registers the sessions of clients and those at native servers.</summary>
internal static class SessionsRegistration
{
    internal static void AddSessions(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => new SessionLifetime(provider.GetRequiredService<IOptionsMonitor<GatewayOptions>>().CurrentValue.Sessions.IdleTimeout));
        services.AddSingleton<ClientSessionPeers>();
        services.AddSingleton<ClientSessionStore>();
        services.AddSingleton<SessionSignals>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionSignals>());
        services.AddSingleton<UpstreamDestinations>();
        services.AddSingleton<UpstreamHandshake>();
        services.AddSingleton<UpstreamSessionStore>();
        services.AddSingleton<UpstreamLogLevel>();
        services.AddSingleton<UpstreamClosings>();
        services.AddHostedService(provider => provider.GetRequiredService<UpstreamClosings>());
        services.AddSingleton<UpstreamSessions>();
        services.AddSingleton<UpstreamSessionCloser>();
        services.AddSingleton<UpstreamPosts>();
        services.AddSingleton<UpstreamStreams>();
        services.AddSingleton<UpstreamListener>();
    }
}
