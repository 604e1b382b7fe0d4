using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

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
        for (var i = 0; i < options.Issuers.Count; i++)
            CheckIssuer(options.Issuers[i], $"identity.issuers[{i}]", validation);
        CheckRepeats(options.Issuers, validation);
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
                "name at least one: [development]");
        }

        if (options.AuthorizationServer.RefreshReuseLeeway is var leeway && (leeway < TimeSpan.Zero || leeway > MaxReuseLeeway))
        {
            validation.Error("identity.authorizationServer.refreshReuseLeeway", "the leeway is longer than a minute or less than nothing",
                "write a duration from 0s to 1m");
        }

        ClientsValidator.Validate(options.AuthorizationServer.Clients, validation);
    }

    private static void CheckIssuer(IssuerOptions issuer, string path, SectionValidation validation)
    {
        CheckAddress(issuer.Issuer, $"{path}.issuer", issuer.AllowPlaintext, validation);
        if (issuer.JwksUrl is not null)
            CheckAddress(issuer.JwksUrl, $"{path}.jwksUrl", issuer.AllowPlaintext, validation);
        if (issuer.Audience is { Length: 0 })
            validation.Error($"{path}.audience", "the audience is empty", "write the audience of its tokens, or leave the key out for <publicUrl>/mcp");
        if (issuer.SubjectClaim.Length == 0)
            validation.Error($"{path}.subjectClaim", "the claim's name is empty", "write a claim that never changes for a person, for example sub or oid");
        if (issuer.ScopeClaims.Count == 0 || issuer.ScopeClaims.Contains(""))
            validation.Error($"{path}.scopeClaims", "no claim is named", "write [scope, scp], or leave the key out");
    }

    private static void CheckAddress(string text, string path, bool allowPlaintext, SectionValidation validation)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            validation.Error(path, $"'{text}' is not an address", "write https://host/path");
        else if (address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            validation.Error(path, "the address carries a fragment or a user name", "write https://host/path");
        else if (address.Scheme == "http" && !address.IsLoopback && !allowPlaintext)
            validation.Error(path, $"'{text}' is plaintext to a remote host", "use https, or set allowPlaintext: true beside it");
    }

    private static void CheckRepeats(IReadOnlyList<IssuerOptions> issuers, SectionValidation validation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < issuers.Count; i++)
        {
            if (!seen.Add(issuers[i].Issuer))
                validation.Error($"identity.issuers[{i}].issuer", $"'{issuers[i].Issuer}' is listed twice", "remove one of the two entries");
        }
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
        foreach (var (name, scopes) in options.Plans)
        {
            if (name.Length is 0 or > MaxPlanName || name.Trim() != name)
                validation.Error($"identity.plans.{name}", $"'{name}' is no name for a plan", $"write 1 to {MaxPlanName} characters without spaces around them");
            foreach (var scope in scopes.Where(scope => !IsWellFormed(scope)))
                validation.Error($"identity.plans.{name}", $"'{scope}' has a wildcard that is not its last part", "write a whole scope, or one that ends in ':*' such as mcp:notes:*");
        }

        if (options.DefaultPlan is { } plan && !options.Plans.ContainsKey(plan))
        {
            validation.Error("identity.defaultPlan", $"there is no plan '{plan}'", options.Plans.Count == 0
                ? "add it to identity.plans"
                : $"use one of: {string.Join(", ", options.Plans.Keys.Order(StringComparer.Ordinal))}");
        }
    }
}
