using Cortex.Console.Account;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Pages;
using Cortex.Identity.Callers;

namespace Cortex.Console;

/// <summary>Puts the pages for signed-in people together. They are there where the embedded authorization server is, which signs people in.</summary>
internal static class ConsoleRegistration
{
    internal static void AddConsole(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        if (!configuration.Get<IdentityOptions>().AuthorizationServer.Enabled)
            return;
        var services = builder.Services;
        services.AddSingleton<OfferedScopes>();
        services.AddScoped<AccountPages>();
        services.AddScoped<AccountActivity>();
        services.AddScoped<AccountSection, ClientsSection>();
        services.AddScoped<AccountSection, LinksSection>();
        services.AddScoped<AccountSection, TokensSection>();
        services.AddScoped<AccountSection, ActivitySection>();
        services.AddScoped<AccountSection, SessionsSection>();
    }

    internal static void MapConsole(this WebApplication app)
    {
        if (app.Services.GetService<OfferedScopes>() is null)
            return;
        AccountEndpoints.Map(app);
        LinkForms.Map(app);
        TokenEndpoints.Map(app);
    }
}
