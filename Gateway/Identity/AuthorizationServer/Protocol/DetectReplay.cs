using Cortex.Identity.AuthorizationServer.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Takes a second use of a code, or of a refresh token after the leeway, for theft: the whole grant and its access tokens end, at every replica.
/// OpenIddict alone would leave access tokens to those who validate them by themselves. Asking about a used token by introspection is no use of it.
/// </summary>
internal sealed class DetectReplay(IOpenIddictTokenManager tokens, GrantRevocation grants) : IOpenIddictServerHandler<ValidateTokenContext>
{
    /// <summary>Before OpenIddict looks at the token's status and refuses it.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<DetectReplay>()
            .SetOrder(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor.Order - 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.TokenId is not { Length: > 0 } tokenId || context.Principal is not { } principal)
            return;
        if (await tokens.FindByIdAsync(tokenId, context.CancellationToken) is not { } token)
        {
            context.Reject(Errors.InvalidToken, "The token is not on record any more.");
            return;
        }

        if (!await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken))
            return;
        if (context.EndpointType == OpenIddictServerEndpointType.Introspection)
            context.Reject(Errors.InvalidToken, "The token was used.");
        else if (!principal.HasTokenType(TokenTypeIdentifiers.RefreshToken))
            await grants.EndAsync(principal, "an authorization code was used twice");
        else if (!await IsWithinLeewayAsync(context, token))
            await grants.EndAsync(principal, "a refresh token was used twice");
    }

    private async ValueTask<bool> IsWithinLeewayAsync(ValidateTokenContext context, object token) =>
        context.Options.RefreshTokenReuseLeeway is { } leeway
        && await tokens.GetRedemptionDateAsync(token, context.CancellationToken) is { } redeemedAt
        && context.Options.TimeProvider.GetUtcNow() < redeemedAt + leeway;
}
