using Cortex.Foundation.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Cortex.Identity.Credentials;

/// <summary>Registers the one way in which credentials go out. Needs the backends, the vault and linking.</summary>
internal static class CredentialsRegistration
{
    internal static void AddCredentials(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        _ = configuration;
        builder.Services.AddSingleton<LinkedCredentials>();
        builder.Services.AddSingleton<ExchangedCredentials>();
        builder.Services.AddSingleton<CredentialResolver>();
        builder.Services.AddSingleton<CatalogCredentials>();
        builder.Services.AddSingleton<ITransformProvider, PlainRouteTransforms>();
        builder.Services.AddHostedService<ForwardingWarning>();
    }
}
