using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Which scopes clients may ask for: at the MCP resources those of the catalog and the configuration as they are now, never <c>cortex:*</c>; at the
/// operator API what the client's own configuration names, so that a client which made itself known gets nothing there.
/// </summary>
internal sealed class ScopePolicy(KnownScopes known, AdvertisedScopes advertised, IOptionsMonitor<IdentityOptions> identity)
{
    /// <inheritdoc cref="StandardScopes.OfflineAccess"/>
    public static readonly Scope OfflineAccess = StandardScopes.OfflineAccess;

    /// <summary><c>scopes_supported</c>: what clients are told to ask for.</summary>
    public ScopeSet Advertised => advertised.Current.Union(ScopeSet.Of(OfflineAccess));

    private ScopeSet Available => ScopeSet.Of(known.All
        .Union(advertised.Current)
        .Union(ScopeSet.Of(identity.CurrentValue.RequiredScopes))
        .Union(StandardScopes.OpenId)
        .Where(scope => !scope.IsReserved));

    /// <summary>
    /// What of a request's <c>scope</c> can be granted; null when something was asked for and nothing of it can. Whoever asks for nothing
    /// is offered the defaults. A client that can refresh is always offered <c>offline_access</c>: ten-minute tokens alone are no use to it.
    /// </summary>
    /// <param name="requested">The request's <c>scope</c>.</param>
    /// <param name="mayRefresh">True when the client may use refresh tokens.</param>
    /// <param name="most">What the client is configured for; empty: anything.</param>
    /// <param name="toolset">The toolset that the token is for; null: the whole endpoint.</param>
    public ScopeSet? Resolve(string? requested, bool mayRefresh, IReadOnlyList<Scope> most, KnownToolset? toolset = null)
    {
        var refresh = mayRefresh ? ScopeSet.Of(OfflineAccess) : ScopeSet.Empty;
        var limit = most.Count == 0 ? null : ScopeSet.Of(most).Union(StandardScopes.OpenId).Union(refresh);
        if (string.IsNullOrWhiteSpace(requested))
            return (limit is null ? advertised.For(toolset) : ScopeSet.Of(most).Intersect(Available)).Union(refresh);
        var asked = ScopeSet.ParseLenient(requested);
        var usable = asked.Intersect(Available.Union(refresh)).Intersect(limit ?? asked);
        return usable.Count == 0 ? null : usable.Union(refresh);
    }

    /// <summary>The same for the operator API.</summary>
    /// <param name="requested">The request's <c>scope</c>; without one, all that the client is configured for.</param>
    /// <param name="mayRefresh">True when the client may use refresh tokens.</param>
    /// <param name="most">What the client is configured for; empty for one that is not configured.</param>
    public static ScopeSet? ResolveAdmin(string? requested, bool mayRefresh, IReadOnlyList<Scope> most)
    {
        var refresh = mayRefresh ? ScopeSet.Of(OfflineAccess) : ScopeSet.Empty;
        var asked = string.IsNullOrWhiteSpace(requested) ? ScopeSet.Of(most) : ScopeSet.ParseLenient(requested);
        var usable = ScopeSet.Of(asked.Where(scope => AdminScopes.All.Contains(scope) && AdminScopes.Cover(most, scope)));
        return usable.Count == 0 ? null : usable.Union(asked.Intersect(StandardScopes.OpenId)).Union(refresh);
    }
}
