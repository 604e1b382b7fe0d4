using Cortex.Sessions.Upstream;

namespace Cortex.Sessions;

/// <summary>Registers the sessions of clients and those at native servers.</summary>
internal static class SessionsRegistration
{
    internal static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ClientSessionStore>();
        builder.Services.AddSingleton<SessionSignals>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SessionSignals>());
        builder.Services.AddSingleton<UpstreamHandshake>();
        builder.Services.AddSingleton<UpstreamSessions>();
        builder.Services.AddSingleton<UpstreamListener>();
    }
}
