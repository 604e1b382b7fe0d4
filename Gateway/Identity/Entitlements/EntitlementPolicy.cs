using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>What a caller may use: effective scopes = token ∩ plan, never <c>cortex:*</c>. Pure but for the plans as configured now.</summary>
internal sealed class EntitlementPolicy(IOptionsMonitor<IdentityOptions> options)
{
    /// <summary>Whether <paramref name="caller"/> holds <paramref name="scope"/>, and if not, what would help.</summary>
    public EntitlementDecision Decide(Caller caller, Scope scope)
    {
        if (caller.Scopes.Contains(scope))
            return EntitlementDecision.Granted.Instance;
        if (scope.IsReserved || caller.TokenScopes.Contains(scope) || !PlanHolds(caller.Plan, scope))
            return new EntitlementDecision.NotInPlan(scope, caller.Plan);
        return new EntitlementDecision.MissingInToken(scope);
    }

    private bool PlanHolds(string? plan, Scope scope) =>
        plan is null || (options.CurrentValue.Plans.TryGetValue(plan, out var scopes) && scopes.Contains(scope));
}
