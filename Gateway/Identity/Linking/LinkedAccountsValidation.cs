using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;

namespace Cortex.Identity.Linking;

/// <summary>Checks that whoever is to link an account can sign in with a browser.</summary>
internal static class LinkedAccountsValidation
{
    public static void Validate(BackendsOptions backends, SectionValidation validation)
    {
        if (validation.Other<IdentityOptions>().SignsPeopleIn)
            return;
        foreach (var (id, _) in backends.Where(backend => backend.Value.Auth == BackendAuth.LinkedAccount))
        {
            validation.Error(
                $"backends.{id}.auth",
                "people link their accounts with a browser, and nobody can sign in with one while the authorization server inside the gateway is off and no issuer has a browserClient",
                "give one of identity.issuers a browserClient, or set identity.authorizationServer.enabled to true, or use another auth");
        }
    }
}
