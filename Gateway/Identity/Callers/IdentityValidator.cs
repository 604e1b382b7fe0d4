using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers.Issuers;

namespace Cortex.Identity.Callers;

/// <summary>Checks <see cref="IdentityOptions"/> beyond their types.</summary>
internal static class IdentityValidator
{
    private static readonly TimeSpan MaxReuseLeeway = TimeSpan.FromMinutes(1);

    private const int MaxPlanName = 100;

    public static void Validate(IdentityOptions options, SectionValidation validation)
    {
        CheckSources(options, validation);
        RegistrationValidator.Validate(options.AuthorizationServer, validation);
        KeysValidator.Validate(options.Keys, validation);
        SmtpValidator.Validate(options.AuthorizationServer, validation);
        ProvidersValidator.Validate(options.AuthorizationServer, validation);
        IssuersValidator.Validate(options.Issuers, validation);
        ProvidersValidator.ValidateBrowserClients(options, validation);
        CheckReserved(options, validation);
        CheckPlans(options, validation);
        BillingValidator.Validate(options.Billing, validation);
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
                "name at least one of: development, magicLink, oidc");
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

    private static bool IsWellFormed(Scope scope) => scope.Value.IndexOf('*', StringComparison.Ordinal) is var at
        && (at < 0 || (at == scope.Value.Length - 1 && at > 0 && scope.Value[at - 1] == ':'));

    private static void CheckPlans(IdentityOptions options, SectionValidation validation)
    {
        foreach (var (name, plan) in options.Plans)
        {
            if (name.Length is 0 or > MaxPlanName || name.Trim() != name)
                validation.Error($"identity.plans.{name}", $"'{name}' is no name for a plan", $"write 1 to {MaxPlanName} characters without spaces around them");
            foreach (var scope in plan.Scopes.Where(scope => !IsWellFormed(scope)))
                validation.Error($"identity.plans.{name}", $"'{scope}' has a wildcard that is not its last part", "write a whole scope, or one that ends in ':*' such as mcp:notes:*");
            if (plan.DisplayName is { } shown && (shown.Length is 0 or > MaxPlanName || shown.Trim() != shown || shown.Any(char.IsControl)))
                validation.Error($"identity.plans.{name}.displayName", "people can't be told this", $"write 1 to {MaxPlanName} characters without spaces around them, or leave the key out");
        }

        if (options.DefaultPlan is { } chosen && !options.Plans.ContainsKey(chosen))
        {
            validation.Error("identity.defaultPlan", $"there is no plan '{chosen}'", options.Plans.Count == 0
                ? "add it to identity.plans"
                : $"use one of: {string.Join(", ", options.Plans.Keys.Order(StringComparer.Ordinal))}");
        }
    }
}
