using Cortex.Console.Account;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Pages;
using Cortex.Identity.Callers;

namespace Cortex.Console;

/// <summary>
/// Puts the pages for signed-in people together. They are there where people sign in with their browser; connected clients and personal access tokens
/// only where the embedded authorization server is, whose own they are.
/// </summary>
internal static class ConsoleRegistration
{
    internal static void AddConsole(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        var identity = configuration.Get<IdentityOptions>();
        if (!identity.SignsPeopleIn)
            return;
        var services = builder.Services;
        services.AddScoped<AccountPages>();
        services.AddScoped<AccountActivity>();
        services.AddScoped<AccountSection, LinksSection>();
        services.AddScoped<AccountSection, ActivitySection>();
        services.AddScoped<AccountSection, SessionsSection>();
        if (!identity.AuthorizationServer.Enabled)
            return;
        services.AddSingleton<OfferedScopes>();
        services.AddScoped<AccountSection, ClientsSection>();
        services.AddScoped<AccountSection, TokensSection>();
    }

    internal static void MapConsole(this WebApplication app, LiveConfiguration configuration)
    {
        var identity = configuration.Get<IdentityOptions>();
        if (!identity.SignsPeopleIn)
            return;
        AccountEndpoints.Map(app);
        LinkForms.Map(app);
        if (!identity.AuthorizationServer.Enabled)
            return;
        ClientEndpoints.Map(app);
        TokenEndpoints.Map(app);
    }
}
