using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.Extensions.Options;

namespace Cortex.Console.Account;

/// <summary>What a person can put into a token of their own: every scope that is in use here and that their plan holds, never <c>cortex:*</c>.</summary>
internal sealed class OfferedScopes(
    KnownScopes known, AdvertisedScopes advertised, EntitlementPolicy entitlements, IOptionsMonitor<IdentityOptions> identity, GatewayAddresses addresses)
{
    /// <summary>The scopes for a person now: what a token with everything would allow them.</summary>
    public ScopeSet Of(Person person)
    {
        var everything = known.All.Union(advertised.Current).Union(ScopeSet.Of(identity.CurrentValue.RequiredScopes));
        var token = new ValidatedToken(person, "", addresses.Issuer, "", "", everything, [], DateTimeOffset.MaxValue);
        return entitlements.Judge(token).Caller.Scopes;
    }
}
