using Cortex.Foundation.Model;
using Cortex.Identity.AuthorizationServer.Protocol;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>Whether a person allows a client these scopes.</summary>
/// <param name="RedirectUri">Where the answer goes, without the port of a loopback address, which changes from run to run.</param>
internal sealed record ConsentQuestion(Person Person, string ClientId, string RedirectUri, ScopeSet Scopes)
{
    /// <summary>False when all that is left is to stay connected for nothing: the person unticked everything else.</summary>
    public bool IsWorthGranting(ScopeSet granted)
    {
        var stayingOnly = ScopeSet.Of(ScopePolicy.OfflineAccess);
        return granted.Count > 0 && (granted.Except(stayingOnly).Count > 0 || Scopes.Except(stayingOnly).Count == 0);
    }
}
