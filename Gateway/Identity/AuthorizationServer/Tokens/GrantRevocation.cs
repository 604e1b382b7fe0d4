using System.Security.Claims;
using Cortex.Governance.Audit;
using Cortex.Identity.AuthorizationServer.Storage;
using Cortex.Identity.Callers;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;

namespace Cortex.Identity.AuthorizationServer.Tokens;

/// <summary>
/// Revokes grants (OpenIddict's authorizations: all that one authorization request led to) and single tokens, in this order: on record, at
/// every replica, in the audit log. Nothing of it ends with the request that asked for it.
/// </summary>
internal sealed class GrantRevocation(AuthorizationDbContext database, Revocations revocations, AuditLog audit, TimeProvider time)
{
    private DateTimeOffset LastEnd => time.GetUtcNow() + ServerSetup.AccessTokenLifetime;

    /// <summary>Ends the grant that a token stems from: no token of it counts from now on. A token without a grant ends alone.</summary>
    /// <param name="token">A token that the server validated.</param>
    /// <param name="reason">Why, for the audit log.</param>
    public Task EndAsync(ClaimsPrincipal token, string reason) =>
        token.GetAuthorizationId() is { } grantId
            ? EndAsync(grantId, token.GetClaim(OpenIddictConstants.Claims.Subject), token.GetPresenters().FirstOrDefault(), reason)
            : RevokeAsync(token, reason);

    /// <summary>Ends a grant.</summary>
    /// <param name="grantId">Id of OpenIddict's authorization.</param>
    /// <param name="personId">Whose it is, for the audit log.</param>
    /// <param name="clientId">Whom it was given to, for the audit log.</param>
    /// <param name="reason">Why, for the audit log.</param>
    public async Task EndAsync(string grantId, string? personId, string? clientId, string reason)
    {
        var stamp = Guid.NewGuid().ToString();
        await database.Set<OpenIddictEntityFrameworkCoreAuthorization>()
            .Where(grant => grant.Id == grantId)
            .ExecuteUpdateAsync(grant => grant
                .SetProperty(entity => entity.Status, OpenIddictConstants.Statuses.Revoked)
                .SetProperty(entity => entity.ConcurrencyToken, stamp));
        await database.Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(token => token.Authorization!.Id == grantId && token.Status != OpenIddictConstants.Statuses.Revoked)
            .ExecuteUpdateAsync(token => token
                .SetProperty(entity => entity.Status, OpenIddictConstants.Statuses.Revoked)
                .SetProperty(entity => entity.ConcurrencyToken, stamp));
        await revocations.TellAsync(grantId, LastEnd);
        await NoteAsync("grant", personId, clientId, reason);
    }

    /// <summary>Revokes one token.</summary>
    public async Task RevokeAsync(ClaimsPrincipal token, string reason)
    {
        var stamp = Guid.NewGuid().ToString();
        var tokenId = token.GetTokenId() ?? throw new InvalidOperationException("A token without an id was found valid.");
        await database.Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(entity => entity.Id == tokenId)
            .ExecuteUpdateAsync(entity => entity
                .SetProperty(entry => entry.Status, OpenIddictConstants.Statuses.Revoked)
                .SetProperty(entry => entry.ConcurrencyToken, stamp));
        await revocations.TellAsync(tokenId, LastEnd);
        await NoteAsync("token", token.GetClaim(OpenIddictConstants.Claims.Subject), token.GetPresenters().FirstOrDefault(), reason);
    }

    private ValueTask NoteAsync(string what, string? personId, string? clientId, string reason) => audit.WriteAsync(
        new AuditRecord
        {
            Event = "auth.revoke",
            Outcome = "ok",
            Time = time.GetUtcNow(),
            PersonId = personId == clientId ? null : personId,
            ClientId = clientId,
            Detail = $"{what} revoked: {reason}",
        },
        CancellationToken.None);
}
