using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Refuses a token request for another resource than the one that was granted, or for one that the configuration no longer has:
/// <c>invalid_target</c>.
/// </summary>
internal sealed class CheckTokenResource(ResourcePolicy resources) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    /// <summary>Last of the checks: the code or refresh token has been validated by then.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
            .UseSingletonHandler<CheckTokenResource>()
            .SetOrder(OpenIddictServerHandlers.Exchange.ValidateGrantedScopes.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (context.Request.IsClientCredentialsGrantType())
        {
            if (resources.Find(context.Request.GetResources()) is null)
                context.Reject(OpenIddictConstants.Errors.InvalidTarget, "The resource is not one of this server's; use the value of its protected-resource metadata.");
            return ValueTask.CompletedTask;
        }

        var principal = context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal;
        var granted = principal?.GetResources() ?? [];
        var asked = context.Request.GetResources();
        var resource = resources.Find(asked.IsDefaultOrEmpty ? granted : asked);
        if (resource is null || !granted.Contains(resource))
            context.Reject(OpenIddictConstants.Errors.InvalidTarget, "The resource is not the one that was granted; ask for it in a new authorization request.");
        return ValueTask.CompletedTask;
    }
}
