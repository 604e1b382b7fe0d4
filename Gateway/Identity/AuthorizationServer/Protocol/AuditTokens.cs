using System.Security.Claims;
using Cortex.Governance.Audit;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>One audit record per token request, <c>auth.token</c>: which grant, for whom, how it ended.</summary>
internal sealed class AuditTokens(AuditLog audit, TimeProvider time) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    /// <summary>After the error has its final name, before the reply is written.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>()
            .UseSingletonHandler<AuditTokens>()
            .SetOrder(OpenIddictServerHandlers.Exchange.NormalizeErrorResponse.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        var error = context.Response.Error;
        audit.Record(new AuditRecord
        {
            Event = "auth.token",
            Outcome = error is null ? "ok" : "denied",
            Time = time.GetUtcNow(),
            PersonId = context.Transaction.FindPresented()?.GetClaim(OpenIddictConstants.Claims.Subject),
            ClientId = context.Request?.ClientId is { Length: <= 200 } clientId ? clientId : null,
            Scope = error is null ? context.Response.Scope : null,
            Detail = error is null ? $"grant {NameGrant(context.Request)}" : $"grant {NameGrant(context.Request)}: {error}",
        });
        return ValueTask.CompletedTask;
    }

    /// <summary>Notes that a refresh token was answered once more with what its first use gave, which needs no step of OpenIddict.</summary>
    public void NoteRepeated(ClaimsPrincipal presented, OpenIddictRequest request) => audit.Record(new AuditRecord
    {
        Event = "auth.token",
        Outcome = "ok",
        Time = time.GetUtcNow(),
        PersonId = presented.GetClaim(OpenIddictConstants.Claims.Subject),
        ClientId = request.ClientId,
        Detail = $"grant {NameGrant(request)}: the same answer again",
    });

    // Nothing a stranger wrote goes into the log unread.
    private static string NameGrant(OpenIddictRequest? request) =>
        request is null ? "unreadable"
        : request.IsAuthorizationCodeGrantType() ? "authorization_code"
        : request.IsRefreshTokenGrantType() ? "refresh_token"
        : request.IsClientCredentialsGrantType() ? "client_credentials"
        : "unsupported";
}
