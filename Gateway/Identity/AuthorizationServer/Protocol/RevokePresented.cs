using Cortex.Identity.AuthorizationServer.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// <c>/oauth/revoke</c> (<see href="https://www.rfc-editor.org/rfc/rfc7009#section-2.1">RFC 7009, section 2.1</see>), once the client and the token
/// were validated and belong together: a refresh token ends its whole grant, an access token ends alone.
/// </summary>
internal sealed class RevokePresented(GrantRevocation grants) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    /// <summary>In place of OpenIddict's own step, which leaves the access tokens of a revoked refresh token as they are.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleRevocationRequestContext>()
            .UseScopedHandler<RevokePresented>()
            .SetOrder(OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor.Order)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        var token = context.GenericTokenPrincipal ?? throw new InvalidOperationException("A revocation came this far without a token.");
        if (token.HasTokenType(TokenTypeIdentifiers.RefreshToken))
            await grants.EndAsync(token, "by the client");
        else
            await grants.RevokeAsync(token, "by the client");
    }
}
