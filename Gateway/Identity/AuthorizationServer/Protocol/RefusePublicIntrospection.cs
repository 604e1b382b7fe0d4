using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Refuses introspection by a client that did not prove itself
/// (<see href="https://www.rfc-editor.org/rfc/rfc7662#section-2.1">RFC 7662, section 2.1</see>): anyone can say a public client's id, and fish for
/// tokens that count.
/// </summary>
internal sealed class RefusePublicIntrospection(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    /// <summary>Once the client is known, before the token is looked at.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseScopedHandler<RefusePublicIntrospection>()
            .SetOrder(OpenIddictServerHandlers.ValidateClientType.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Introspection)
            return;
        if (await clients.FindByClientIdAsync(context.ClientId!, context.CancellationToken) is not { } client
            || await clients.HasClientTypeAsync(client, ClientTypes.Public, context.CancellationToken))
            context.Reject(Errors.InvalidClient, "Only a client that proves itself may ask about tokens.");
    }
}
