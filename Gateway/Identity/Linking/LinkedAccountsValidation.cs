using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;

namespace Cortex.Identity.Linking;

/// <summary>Checks that whoever is to link an account can sign in with a browser.</summary>
internal static class LinkedAccountsValidation
{
    public static void Validate(BackendsOptions backends, SectionValidation validation)
    {
        if (validation.Other<IdentityOptions>().AuthorizationServer.Enabled)
            return;
        foreach (var (id, _) in backends.Where(backend => backend.Value.Auth == BackendAuth.LinkedAccount))
        {
            validation.Error(
                $"backends.{id}.auth",
                "people link their accounts with a browser, and nobody can sign in with one while the authorization server inside the gateway is off",
                "set identity.authorizationServer.enabled to true and signIn to [oidc] with a browserClient at your issuer, or use another auth");
        }
    }
}
