using Cortex.Foundation.Model;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Callers;

/// <summary>
/// The scopes clients are told to ask for, in metadata and in a 401: <c>identity.defaultScopes</c>, or else every scope the catalog uses.
/// Never <c>cortex:*</c>, which no agent can hold, and never <c>offline_access</c>, which is the client's own to ask for.
/// </summary>
/// <param name="options">The configured default.</param>
/// <param name="catalog">Every scope the catalog uses now.</param>
internal sealed class AdvertisedScopes(IOptionsMonitor<IdentityOptions> options, Func<ScopeSet> catalog)
{
    public ScopeSet Current
    {
        get
        {
            var configured = options.CurrentValue.DefaultScopes;
            return ScopeSet.Of((configured.Count > 0 ? configured : catalog().AsEnumerable())
                .Where(scope => !scope.IsReserved && scope.Value != "offline_access"));
        }
    }
}
