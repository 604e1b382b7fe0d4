using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Refuses a client assertion that was meant for another server as <c>invalid_client</c>
/// (<see href="https://www.rfc-editor.org/rfc/rfc7521#section-4.2.1">RFC 7521, section 4.2.1</see>). OpenIddict would name an error that no token
/// endpoint knows, and that the revocation endpoint takes for a token which is gone already.
/// </summary>
internal sealed class CheckAssertionAudience : IOpenIddictServerHandler<ValidateTokenContext>
{
    /// <summary>Before OpenIddict's own check.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseSingletonHandler<CheckAssertionAudience>()
            .SetOrder(OpenIddictServerHandlers.Protection.ValidateAudiences.Descriptor.Order - 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.ValidTokenTypes.Contains(AcceptAssertion.AssertionTokenType)
            && context.Principal is { } assertion
            && !context.ValidAudiences.Any(assertion.HasAudience))
            context.Reject(Errors.InvalidClient, "The assertion is for another server: its aud must be this server's issuer.");
        return ValueTask.CompletedTask;
    }
}
