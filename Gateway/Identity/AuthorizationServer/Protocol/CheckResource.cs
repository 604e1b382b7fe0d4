using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>Refuses an authorization request for a resource that isn't one of the gateway's: <c>invalid_target</c>.</summary>
internal sealed class CheckResource(ResourcePolicy resources) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    /// <summary>In place of OpenIddict's own check, which knows only resources fixed at start.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
            .UseSingletonHandler<CheckResource>()
            .SetOrder(OpenIddictServerHandlers.Authentication.ValidateResources.Descriptor.Order)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (resources.Find(context.Request.GetResources()) is null)
            context.Reject(OpenIddictConstants.Errors.InvalidTarget, "The resource is not one of this server's; use the value of its protected-resource metadata.");
        return ValueTask.CompletedTask;
    }
}
