using Cortex.Foundation.Model;

namespace Cortex.Identity.Entitlements;

/// <summary>Scopes of OAuth and OpenID Connect themselves. They open nothing behind the gateway, so that no plan has to hold them.</summary>
internal static class StandardScopes
{
    /// <summary>A refresh token is given with it.</summary>
    public static readonly Scope OfflineAccess = Scope.Parse("offline_access");

    /// <summary>What OpenID Connect clients ask for out of habit.</summary>
    public static readonly ScopeSet OpenId = ScopeSet.Of(Scope.Parse("openid"), Scope.Parse("profile"), Scope.Parse("email"));

    public static readonly ScopeSet All = OpenId.Union(ScopeSet.Of(OfflineAccess));
}
