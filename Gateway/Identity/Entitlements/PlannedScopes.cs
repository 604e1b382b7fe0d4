using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>Which of the scopes a client asks for a person can be given: at consent, and in each token. Thread-safe.</summary>
internal sealed class PlannedScopes(IOptionsMonitor<IdentityOptions> options, PersonStandings standings)
{
    /// <summary>What of <paramref name="scopes"/> the person's plan holds, and the scopes of the protocols themselves; none for whoever is shut out.</summary>
    public async ValueTask<ScopeSet> LimitAsync(PersonId person, ScopeSet scopes, CancellationToken cancellationToken)
    {
        var standing = await standings.FindAsync(person, cancellationToken);
        var current = options.CurrentValue;
        var plan = standing.Plan ?? current.DefaultPlan;
        return standing.IsDisabled
            ? ScopeSet.Empty
            : ScopeSet.Of(scopes.Where(scope => StandardScopes.All.Contains(scope) || PlanScopes.Hold(current, plan, scope)));
    }
}
