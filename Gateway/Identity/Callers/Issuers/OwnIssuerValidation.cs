using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers.Issuers;

/// <summary>Holds <c>identity.issuers</c> against the gateway's own address: tokens of its own server are trusted as they are, and those that it mints for backends are taken nowhere.</summary>
internal static class OwnIssuerValidation
{
    public static void Validate(IdentityOptions options, SectionValidation validation)
    {
        if (!options.AuthorizationServer.Enabled)
            return;
        var own = validation.Other<GatewayOptions>().PublicUrl;
        for (var i = 0; i < options.Issuers.Count; i++)
        {
            if (options.Issuers[i].Issuer.TrimEnd('/') is var issuer && (issuer == own || issuer == $"{own}/identity"))
                validation.Error($"identity.issuers[{i}].issuer", "this is the gateway itself, whose authorization server needs no entry", "remove the entry, or write the address of the company's own issuer");
        }
    }
}
