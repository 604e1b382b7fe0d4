using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>Which of the scopes a client asks for a person can be given: at consent, and in each token. Thread-safe.</summary>
internal sealed class PlannedScopes(
    IOptionsMonitor<IdentityOptions> options, PersonStandings standings, PersonStore persons, OperatorPolicy operators, GatewayAddresses addresses)
{
    /// <summary>
    /// What of <paramref name="scopes"/> the person's plan holds, the scopes of the protocols themselves, and for administrators those of the operator
    /// API; none for whoever is shut out. For the embedded server's own sign-ins.
    /// </summary>
    public async ValueTask<ScopeSet> LimitAsync(PersonId person, ScopeSet scopes, CancellationToken cancellationToken)
    {
        var standing = await standings.FindAsync(person, cancellationToken);
        var current = options.CurrentValue;
        var plan = standing.Plan ?? current.DefaultPlan;
        if (standing.IsDisabled)
            return ScopeSet.Empty;
        var isAdmin = scopes.Any(scope => scope.IsReserved)
            && await persons.FindAsync(person, cancellationToken) is { } admin && operators.Include(admin, addresses.Issuer);
        return ScopeSet.Of(scopes.Where(scope => scope.IsReserved
            ? isAdmin && AdminScopes.All.Contains(scope)
            : StandardScopes.All.Contains(scope) || PlanScopes.Hold(current, plan, scope)));
    }
}
