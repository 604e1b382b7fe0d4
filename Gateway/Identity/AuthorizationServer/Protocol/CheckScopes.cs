using Cortex.Identity.AuthorizationServer.Clients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Narrows the <c>scope</c> of an authorization request to what can be granted. What is unknown is dropped, as RFC 6749, section 3.3,
/// allows; a request of which nothing remains is <c>invalid_scope</c>.
/// </summary>
internal sealed class CheckScopes(ScopePolicy scopes, ResourcePolicy resources, IOpenIddictApplicationManager clients, ClientDirectory configured)
    : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    /// <summary>After the client is known, before its grant types are checked against <c>offline_access</c>.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseScopedHandler<CheckScopes>()
            .SetOrder(OpenIddictServerHandlers.Authentication.ValidateClientRedirectUri.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var cancellationToken = context.CancellationToken;
        var client = await clients.FindByClientIdAsync(context.ClientId!, cancellationToken);
        var mayRefresh = client is not null
            && await clients.HasPermissionAsync(client, OpenIddictConstants.Permissions.GrantTypes.RefreshToken, cancellationToken);
        var most = configured.Find(context.ClientId!)?.Scopes ?? [];
        var resource = resources.Find(context.Request.GetResources());
        var granted = resources.IsAdmin(resource)
            ? ScopePolicy.ResolveAdmin(context.Request.Scope, mayRefresh, most)
            : scopes.Resolve(context.Request.Scope, mayRefresh, most, resources.FindToolset(resource));
        if (granted is null)
            context.Reject(OpenIddictConstants.Errors.InvalidScope, "None of the scopes asked for can be granted; see scopes_supported.");
        else
            context.Request.Scope = granted.ToString();
    }
}
