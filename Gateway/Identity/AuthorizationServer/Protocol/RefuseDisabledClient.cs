using Cortex.Identity.AuthorizationServer.Registration;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Refuses a client that an operator has disabled, whatever it asks for: <c>unauthorized_client</c>. It may still end what it holds.
/// </summary>
internal sealed class RefuseDisabledClient(DisabledClients disabled) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    /// <summary>Once the client has proven itself where it has to, so that nobody else learns how it stands; before a code or refresh token is looked at.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<RefuseDisabledClient>()
            .SetOrder(OpenIddictServerHandlers.ValidateClientSecret.Descriptor.Order + 600)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Revocation && context.ClientId is { Length: > 0 } clientId
            && await disabled.IncludeAsync(clientId, context.CancellationToken))
            context.Reject(Errors.UnauthorizedClient, "An operator of this gateway has disabled this client. Ask an operator.");
    }
}
