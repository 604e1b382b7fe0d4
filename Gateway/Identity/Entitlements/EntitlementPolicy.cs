using System.Runtime.CompilerServices;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>
/// What a caller may use: effective scopes = token ∩ plan, never <c>cortex:*</c>. A person without a plan of their own has
/// <c>identity.defaultPlan</c>; where that is unset, and for machines, the token alone decides. Thread-safe.
/// </summary>
internal sealed class EntitlementPolicy(IOptionsMonitor<IdentityOptions> options)
{
    private readonly ConditionalWeakTable<ValidatedToken, Entitlement> _known = [];

    /// <summary>The caller behind a token, computed once for each token and configuration.</summary>
    public CallerFeature Judge(ValidatedToken token)
    {
        var plans = options.CurrentValue;
        if (_known.TryGetValue(token, out var known) && ReferenceEquals(known.Options, plans))
            return known.Feature;
        var feature = new CallerFeature(Compute(token, plans));
        _known.AddOrUpdate(token, new Entitlement(plans, feature));
        return feature;
    }

    /// <summary>Whether <paramref name="caller"/> holds <paramref name="scope"/>, and if not, what would help.</summary>
    public EntitlementDecision Decide(Caller caller, Scope scope)
    {
        if (caller.Scopes.Contains(scope))
            return EntitlementDecision.Granted.Instance;
        if (scope.IsReserved || caller.TokenScopes.Contains(scope) || !PlanHolds(caller.Plan, scope, options.CurrentValue))
            return new EntitlementDecision.NotInPlan(scope, caller.Plan);
        return new EntitlementDecision.MissingInToken(scope);
    }

    private static Caller Compute(ValidatedToken token, IdentityOptions options)
    {
        var plan = token.Person is null ? null : options.DefaultPlan;
        var effective = token.Scopes.Where(scope => !scope.IsReserved && PlanHolds(plan, scope, options));
        return new Caller(
            token.Person,
            token.ClientId,
            token.Issuer,
            token.TokenId,
            token.TokenHash,
            token.Scopes,
            ScopeSet.Of(effective),
            plan,
            token.ExpiresAt);
    }

    private static bool PlanHolds(string? plan, Scope scope, IdentityOptions options) =>
        plan is null || (options.Plans.TryGetValue(plan, out var scopes) && scopes.Contains(scope));

    private sealed record Entitlement(IdentityOptions Options, CallerFeature Feature);
}
