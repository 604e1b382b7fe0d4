using Cortex.Foundation.Model;
using Cortex.Identity.Callers;

namespace Cortex.Identity.Entitlements;

/// <summary>What a plan of <c>identity.plans</c> holds. Pure.</summary>
internal static class PlanScopes
{
    /// <summary>
    /// True when the plan holds the scope by name or by a wildcard. No plan at all limits nothing; one that is not configured (any more) holds nothing,
    /// for what it held can't be known.
    /// </summary>
    public static bool Hold(IdentityOptions options, string? plan, Scope scope)
    {
        if (plan is null)
            return true;
        if (!options.Plans.TryGetValue(plan, out var configured))
            return false;
        foreach (var held in configured.Scopes)
        {
            if (held == scope || (held.Value.EndsWith('*') && scope.Value.AsSpan().StartsWith(held.Value.AsSpan(0, held.Value.Length - 1), StringComparison.Ordinal)))
                return true;
        }

        return false;
    }
}
