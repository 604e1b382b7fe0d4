using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using Cortex.Identity.Linking.Clients;

namespace Cortex.Identity.Linking;

/// <summary>
/// Registers how persons link their accounts at third-party servers. The pages are there where the embedded authorization server is, which signs people
/// in; the gateway's client document is there in any case.
/// </summary>
internal static class LinkingRegistration
{
    internal static void AddLinking(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        var services = builder.Services;
        services.AddSingleton<ProviderDiscovery>();
        services.AddSingleton<LinkInvitations>();
        services.AddSingleton<LinkProviders>();
        services.AddSingleton<LinkAudit>();
        services.AddSingleton<LinkedGrants>();
        services.AddSingleton<PersonLinks>();
        services.AddSingleton<ClientDocument>();
        if (!configuration.Get<IdentityOptions>().SignsPeopleIn)
            return;
        services.AddSingleton<RegisteredClientStore>();
        services.AddSingleton<ProviderRegistration>();
        services.AddSingleton<RegisteredClients>();
        services.AddSingleton<ClientIdentities>();
        services.AddSingleton<LinkStates>();
        services.AddSingleton<LinkCookie>();
        services.AddSingleton<LinkWishes>();
        services.AddSingleton<LinkStart>();
        services.AddSingleton<LinkCallback>();
        services.AddSingleton<PastedTokens>();
    }

    internal static void MapLinking(this WebApplication app)
    {
        app.MapWellKnown(LinkPaths.ClientDocument, context => context.RequestServices.GetRequiredService<ClientDocument>().Write());
        if (app.Services.GetService<LinkStart>() is not null)
            LinkEndpoints.Map(app);
    }
}
