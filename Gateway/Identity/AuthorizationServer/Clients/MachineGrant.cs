using System.Security.Claims;
using Cortex.Foundation.Model;
using Cortex.Identity.AuthorizationServer.Protocol;
using Cortex.Identity.Callers;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer.Clients;

/// <summary>
/// What a machine gets on its own behalf by <c>client_credentials</c>: its configured scopes, or those of them that it asks for. Its subject is
/// itself; there is no person, and nothing of one in the token.
/// </summary>
internal sealed class MachineGrant(ClientDirectory clients, ResourcePolicy resources)
{
    /// <summary>The principal of the token; null when nothing of what was asked for can be given.</summary>
    /// <param name="request">A request whose client has proven itself, and whose resource is served.</param>
    public ClaimsPrincipal? Find(OpenIddictRequest request)
    {
        if (request.ClientId is not { } clientId || clients.Find(clientId) is not { } client || !client.Grants.Contains(ClientGrants.ClientCredentials))
            return null;
        if (resources.Find(request.GetResources()) is not { } resource || FindScopes(request, client, resources.IsAdmin(resource)) is not { Count: > 0 } given)
            return null;

        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, clientId);
        identity.SetScopes(given.Select(scope => scope.Value));
        identity.SetResources(resource);
        return new ClaimsPrincipal(identity);
    }

    private static ScopeSet? FindScopes(OpenIddictRequest request, ClientOptions client, bool isAdmin)
    {
        if (isAdmin)
            return ScopePolicy.ResolveAdmin(request.Scope, mayRefresh: false, client.Scopes);
        var most = ScopeSet.Of(client.Scopes.Where(scope => !scope.IsReserved));
        return string.IsNullOrWhiteSpace(request.Scope) ? most : most.Intersect(ScopeSet.ParseLenient(request.Scope));
    }
}
