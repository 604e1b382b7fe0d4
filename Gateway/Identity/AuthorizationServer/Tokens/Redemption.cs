using System.Security.Claims;
using Cortex.Identity.AuthorizationServer.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;

namespace Cortex.Identity.AuthorizationServer.Tokens;

/// <summary>
/// Uses up an authorization code or refresh token, so that of any number of simultaneous requests, at any replica, exactly one makes tokens:
/// 1. a conditional update takes the token, in a transaction in which all that follows is written;
/// 2. the tokens are made, and the answer to a refresh token is kept for whoever repeats the request within the leeway;
/// 3. the transaction ends with the answer. What breaks before leaves the token unused; whoever waited for the row finds the answer there.
/// A code that loses the race has leaked (<see href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749, section 4.1.2</see>) and
/// ends its grant. A refresh token used after the leeway never comes here: see <see cref="Protocol.DetectReplay"/>. One instance a request.
/// </summary>
internal sealed class Redemption(AuthorizationDbContext database, RefreshReplies replies, GrantRevocation grants, TimeProvider time)
{
    private IDbContextTransaction? _transaction;
    private RefreshUse? _repeatable;

    /// <summary>Takes what was presented. After <see cref="RedemptionResult.Redeemed"/>, <see cref="FinishAsync"/> must follow.</summary>
    public async Task<RedemptionResult> RedeemAsync(ClaimsPrincipal presented, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var tokenId = presented.GetTokenId() ?? throw new InvalidOperationException("A code or refresh token without an id was found valid.");
        var use = request.IsRefreshTokenGrantType() ? RefreshUse.Of(tokenId, request) : null;
        var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await TryTakeAsync(tokenId, cancellationToken))
        {
            (_transaction, _repeatable) = (transaction, use);
            return RedemptionResult.Redeemed.Instance;
        }

        await transaction.DisposeAsync();
        if (use is not null)
            return await replies.FindAsync(use, cancellationToken) is { } reply ? new RedemptionResult.Repeated(reply) : RedemptionResult.Spent.Instance;
        await grants.EndAsync(presented, "an authorization code was used twice");
        return RedemptionResult.Spent.Instance;
    }

    /// <summary>Makes the use and its tokens durable, or gives the token back when the answer is an error.</summary>
    public async Task FinishAsync(OpenIddictResponse response, CancellationToken cancellationToken)
    {
        if (_transaction is not { } transaction)
            return;
        _transaction = null;
        await using (transaction)
        {
            if (!string.IsNullOrEmpty(response.Error))
                return;
            if (_repeatable is { } use)
                await replies.KeepAsync(use, response, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private async Task<bool> TryTakeAsync(string tokenId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var stamp = Guid.NewGuid().ToString();
        var taken = await database.Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(token => token.Id == tokenId && token.Status == OpenIddictConstants.Statuses.Valid)
            .ExecuteUpdateAsync(
                token => token
                    .SetProperty(entity => entity.Status, OpenIddictConstants.Statuses.Redeemed)
                    .SetProperty(entity => entity.RedemptionDate, now)
                    .SetProperty(entity => entity.ConcurrencyToken, stamp),
                cancellationToken);
        return taken == 1;
    }
}
