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

    /// <summary>Those of one resource.</summary>
    public ScopeSet For(ProtectedResource resource) => resource.Scopes ?? For(resource.Toolset);

    /// <summary>Those of a toolset, without the scopes that only the rest of the catalog uses; null: of the whole endpoint.</summary>
    public ScopeSet For(KnownToolset? toolset)
    {
        if (toolset is null)
            return Current;
        var elsewhere = catalog().Except(toolset.Scopes()).Except(ScopeSet.Of(options.CurrentValue.RequiredScopes));
        return Current.Except(elsewhere);
    }
}
