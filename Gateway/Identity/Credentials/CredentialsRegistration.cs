using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Credentials;

/// <summary>Registers the one way in which credentials go out.</summary>
internal static class CredentialsRegistration
{
    internal static void AddCredentials(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        _ = configuration;
        builder.Services.AddSingleton<CredentialResolver>();
    }
}
