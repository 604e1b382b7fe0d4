using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers.Issuers;

namespace Cortex.Identity.Callers;

/// <summary>Checks <see cref="IdentityOptions"/> beyond their types.</summary>
internal static class IdentityValidator
{
    private static readonly TimeSpan MaxReuseLeeway = TimeSpan.FromMinutes(1);

    public static void Validate(IdentityOptions options, SectionValidation validation)
    {
        CheckSources(options, validation);
        RegistrationValidator.Validate(options.AuthorizationServer, validation);
        IssuersValidator.Validate(options.Issuers, validation);
        CheckReserved(options, validation);
        CheckPlans(options, validation);
    }

    private static void CheckSources(IdentityOptions options, SectionValidation validation)
    {
        if (!options.AuthorizationServer.Enabled && options.Issuers.Count == 0)
        {
            validation.Error("identity", "nobody could sign in: the authorization server is off and no issuer is trusted",
                "set identity.authorizationServer.enabled to true, or add an entry to identity.issuers");
        }

        if (options.AuthorizationServer is { Enabled: true, SignIn.Count: 0 })
        {
            validation.Error("identity.authorizationServer.signIn", "the authorization server is on but offers no sign-in",
                "name at least one: [development]");
        }

        if (options.AuthorizationServer.RefreshReuseLeeway is var leeway && (leeway < TimeSpan.Zero || leeway > MaxReuseLeeway))
        {
            validation.Error("identity.authorizationServer.refreshReuseLeeway", "the leeway is longer than a minute or less than nothing",
                "write a duration from 0s to 1m");
        }

        ClientsValidator.Validate(options.AuthorizationServer.Clients, validation);
    }

    private static void CheckReserved(IdentityOptions options, SectionValidation validation)
    {
        foreach (var scope in options.RequiredScopes.Where(scope => scope.IsReserved))
            validation.Error("identity.requiredScopes", $"'{scope}' is the gateway's own and in no agent's token", "remove it");
        foreach (var scope in options.DefaultScopes.Where(scope => scope.IsReserved))
            validation.Error("identity.defaultScopes", $"'{scope}' is the gateway's own and in no agent's token", "remove it");
        foreach (var scope in options.DefaultScopes.Where(scope => scope.Value == "offline_access"))
            validation.Error("identity.defaultScopes", $"'{scope}' is the client's own to ask for", "remove it");
    }

    private static void CheckPlans(IdentityOptions options, SectionValidation validation)
    {
        if (options.DefaultPlan is { } plan && !options.Plans.ContainsKey(plan))
        {
            validation.Error("identity.defaultPlan", $"there is no plan '{plan}'", options.Plans.Count == 0
                ? "add it to identity.plans"
                : $"use one of: {string.Join(", ", options.Plans.Keys.Order(StringComparer.Ordinal))}");
        }
    }
}
