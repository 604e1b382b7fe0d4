using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.Extensions.Options;

namespace Cortex.Console.Account;

/// <summary>What a person can put into a token of their own: every scope that is in use here and that their plan holds, never <c>cortex:*</c>.</summary>
internal sealed class OfferedScopes(KnownScopes known, AdvertisedScopes advertised, PlannedScopes planned, IOptionsMonitor<IdentityOptions> identity)
{
    /// <summary>The scopes for a person now.</summary>
    public ValueTask<ScopeSet> OfAsync(Person person, CancellationToken cancellationToken)
    {
        var everything = known.All.Union(advertised.Current).Union(ScopeSet.Of(identity.CurrentValue.RequiredScopes)).Where(scope => !scope.IsReserved);
        return planned.LimitAsync(person.Id, ScopeSet.Of(everything), cancellationToken);
    }
}
