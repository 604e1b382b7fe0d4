using Cortex.Foundation.Configuration;
using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.Limits;
using Cortex.Identity.AuthorizationServer.SignIn.Oidc;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>
/// Puts the sign-in with a browser together: the session, the pages and the providers. It is there where the embedded authorization server is, which adds
/// ways to sign in, and where an issuer has a browser client (<see cref="IdentityOptions.SignsPeopleIn"/>).
/// </summary>
internal static class SignInRegistration
{
    internal static void AddSignIn(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        var secure = configuration.Get<GatewayOptions>().PublicUrl.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        builder.AddPages(configuration);
        var services = builder.Services;
        services.AddAuthentication().AddCookie(PersonSession.Scheme, cookie => PersonCookie.Configure(cookie, secure));
        services.AddSingleton<SessionGenerations>();
        services.AddSingleton<SignOutEverywhere>();
        services.AddSingleton<PersonSession>();
        services.AddSingleton<PersonForms>();
        services.AddSingleton<SignInPages>();
        services.AddSingleton<RegistrationLimits>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<TokenLimits>();
        OidcRegistration.AddOidc(services, configuration.Get<IdentityOptions>());
    }

    /// <summary>Holds the forms to their limits.</summary>
    internal static void UseSignIn(this WebApplication app)
    {
        if (IsServed(app))
            app.UseMiddleware<EndpointLimits>();
    }

    internal static void MapSignIn(this WebApplication app)
    {
        if (!IsServed(app))
            return;
        app.MapPages();
        SignInEndpoints.Map(app);
    }

    private static bool IsServed(WebApplication app) => app.Services.GetService<SignInPages>() is not null;
}
