using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;

namespace Cortex.Identity.Minting;

/// <summary>Registers the tokens for backends and the metadata by which they are checked.</summary>
internal static class MintingRegistration
{
    internal static void AddMinting(this WebApplicationBuilder builder, LiveConfiguration configuration)
    {
        _ = configuration;
        builder.Services.AddSingleton<MintedTokenWriter>();
        builder.Services.AddSingleton<TokenMinter>();
        builder.Services.AddSingleton<IdentityMetadata>();
    }

    /// <summary>Maps metadata and key set of the identity issuer, in every form a library may look for; also while the embedded server is off.</summary>
    internal static void MapIdentityIssuer(this IEndpointRouteBuilder endpoints)
    {
        var metadata = endpoints.ServiceProvider.GetRequiredService<IdentityMetadata>();
        endpoints.MapWellKnown("/identity/.well-known/openid-configuration", _ => metadata.WriteConfiguration());
        endpoints.MapWellKnown("/.well-known/openid-configuration/identity", _ => metadata.WriteConfiguration());
        endpoints.MapWellKnown("/.well-known/oauth-authorization-server/identity", _ => metadata.WriteConfiguration());
        endpoints.MapWellKnown(IdentityMetadata.KeySetPath, _ => metadata.WriteKeySet());
    }
}
