using System.Security.Claims;
using Cortex.Identity.AuthorizationServer.Storage;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Redeems an authorization code or refresh token by one conditional update, so that of any number of simultaneous requests exactly one
/// gets tokens. It replaces OpenIddict's own step, which ignores who lost the race for a refresh token.
/// </summary>
/// <remarks>
/// The loser of a race for a code ends the grant: a code that is used twice has leaked (RFC 6749, section 4.1.2). The loser of a race for a
/// refresh token is only refused; a use after <see cref="ServerSetup.RefreshTokenReuseLeeway"/> never comes this far, for OpenIddict then
/// revokes the grant's tokens.
/// </remarks>
internal sealed class RedeemOnce(
    AuthorizationDbContext database,
    IOpenIddictTokenManager tokens,
    IOpenIddictAuthorizationManager grants,
    TimeProvider time) : IOpenIddictServerHandler<ProcessSignInContext>
{
    /// <summary>At the place of the step that it replaces: before anything is written for the new tokens.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .UseScopedHandler<RedeemOnce>()
            .SetOrder(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor.Order)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token)
            return;
        var presented = context.Transaction.FindPresented();
        if (presented?.GetTokenId() is not { } tokenId || await TryRedeemAsync(tokenId, context.CancellationToken))
            return;
        if (context.Request.IsAuthorizationCodeGrantType())
            await EndGrantAsync(presented, context.CancellationToken);
        context.Reject(OpenIddictConstants.Errors.InvalidGrant, "The code or refresh token was already used.");
    }

    private async Task<bool> TryRedeemAsync(string tokenId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var stamp = Guid.NewGuid().ToString();
        var redeemed = await database.Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(token => token.Id == tokenId && token.Status == OpenIddictConstants.Statuses.Valid)
            .ExecuteUpdateAsync(
                token => token
                    .SetProperty(entity => entity.Status, OpenIddictConstants.Statuses.Redeemed)
                    .SetProperty(entity => entity.RedemptionDate, now)
                    .SetProperty(entity => entity.ConcurrencyToken, stamp),
                cancellationToken);
        return redeemed == 1;
    }

    private async Task EndGrantAsync(ClaimsPrincipal presented, CancellationToken cancellationToken)
    {
        if (presented.GetAuthorizationId() is not { } grantId)
            return;
        await tokens.RevokeByAuthorizationIdAsync(grantId, cancellationToken);
        if (await grants.FindByIdAsync(grantId, cancellationToken) is { } grant)
            await grants.TryRevokeAsync(grant, cancellationToken);
    }
}
