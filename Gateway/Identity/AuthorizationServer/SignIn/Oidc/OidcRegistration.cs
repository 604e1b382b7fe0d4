using Cortex.Foundation.Configuration;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>Registers the sign-in by providers, each as an authentication scheme of its own, when the configuration offers it.</summary>
internal static class OidcRegistration
{
    public static void AddOidc(IServiceCollection services, IdentityOptions options)
    {
        var providers = SignInProviders.Describe(options);
        if (providers.Count == 0)
            return;
        services.AddSingleton(container => new SignInProviders(providers, container.GetRequiredService<IOptionsMonitor<IdentityOptions>>()));
        services.AddSingleton<SignInMethod, OidcSignIn>();
        services.AddSingleton<ProviderNotices>();
        services.AddSingleton<ProviderEvents>();
        foreach (var (name, provider, _) in providers)
        {
            services.AddAuthentication().AddOpenIdConnect(OidcPaths.Scheme(name), _ => { });
            services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>>(container => new ProviderHandlerOptions(
                name, provider, container.GetRequiredService<GatewayAddresses>(), container.GetRequiredService<GuardedHttpClients>()));
        }
    }
}
