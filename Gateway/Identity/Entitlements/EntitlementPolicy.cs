using System.Runtime.CompilerServices;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>
/// What a caller may use: effective scopes = token ∩ plan, never <c>cortex:*</c>. A person who was given no plan has
/// <c>identity.defaultPlan</c>; where that is unset, and for machines, the token alone decides. Thread-safe.
/// </summary>
internal sealed class EntitlementPolicy(IOptionsMonitor<IdentityOptions> options)
{
    private readonly ConditionalWeakTable<ValidatedToken, Entitlement> _known = [];

    /// <summary>The caller behind a token, computed once for each token, standing and configuration.</summary>
    public CallerFeature Judge(ValidatedToken token, PersonStanding standing)
    {
        var current = options.CurrentValue;
        if (_known.TryGetValue(token, out var known) && ReferenceEquals(known.Options, current) && known.Standing == standing)
            return known.Feature;
        var feature = new CallerFeature(Compute(token, standing, current), standing.IsDisabled);
        _known.AddOrUpdate(token, new Entitlement(current, standing, feature));
        return feature;
    }

    /// <summary>Whether <paramref name="caller"/> holds <paramref name="scope"/>, and if not, what would help.</summary>
    public EntitlementDecision Decide(Caller caller, Scope scope)
    {
        if (caller.Scopes.Contains(scope))
            return EntitlementDecision.Granted.Instance;
        if (scope.IsReserved || caller.TokenScopes.Contains(scope) || !PlanScopes.Hold(options.CurrentValue, caller.Plan, scope))
            return new EntitlementDecision.NotInPlan(scope, caller.PlanLabel);
        return new EntitlementDecision.MissingInToken(scope);
    }

    private static Caller Compute(ValidatedToken token, PersonStanding standing, IdentityOptions options)
    {
        var plan = token.Person is null ? null : standing.Plan ?? options.DefaultPlan;
        var effective = standing.IsDisabled ? [] : token.Scopes.Where(scope => !scope.IsReserved && PlanScopes.Hold(options, plan, scope));
        return new Caller(
            token.Person,
            token.ClientId,
            token.Issuer,
            token.TokenId,
            token.TokenHash,
            token.Scopes,
            ScopeSet.Of(effective),
            plan,
            token.ExpiresAt)
        {
            PlanDisplayName = plan is null ? null : options.Plans.GetValueOrDefault(plan)?.DisplayName,
        };
    }

    private sealed record Entitlement(IdentityOptions Options, PersonStanding Standing, CallerFeature Feature);
}
