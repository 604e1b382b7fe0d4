using System.Security.Claims;
using Cortex.Foundation.Model;
using Cortex.Identity.AuthorizationServer.Clients;
using Cortex.Identity.AuthorizationServer.Protocol;
using Cortex.Identity.AuthorizationServer.Tokens;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer;

/// <summary>
/// <c>/oauth/token</c>, once OpenIddict has validated client, code or refresh token, verifier and resource: tokens for what was granted, as
/// long as the person still exists and is not shut out; or for a machine what it is configured for.
/// </summary>
internal sealed class TokenEndpoint(PersonStore persons, PersonStandings standings, Redemption redemption, MachineGrant machines, AuditTokens audit)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        var request = context.GetOpenIddictServerRequest()
            ?? throw new InvalidOperationException("The token endpoint was reached without OpenIddict: UseAuthentication must come before it.");
        if (request.IsClientCredentialsGrantType())
            return machines.Find(request) is { } machine ? Give(machine) : Refuse(Errors.InvalidScope, "The client is configured for none of these scopes.");

        var presented = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (presented.Principal is not { } principal || !await MaySignInAsync(principal, cancellationToken))
            return Refuse(Errors.InvalidGrant, "The person of this grant does not exist any more, or was disabled.");
        switch (await redemption.RedeemAsync(principal, request, cancellationToken))
        {
            case RedemptionResult.Redeemed:
                return Give(principal);
            case RedemptionResult.Repeated(var reply):
                audit.NoteRepeated(principal, request);
                return Repeat(context, reply);
            default:
                return Refuse(Errors.InvalidGrant, "The code or refresh token was already used.");
        }
    }

    private async Task<bool> MaySignInAsync(ClaimsPrincipal principal, CancellationToken cancellationToken) =>
        PersonId.TryParse(principal.GetClaim(Claims.Subject), out var id)
        && await persons.FindAsync(id, cancellationToken) is not null
        && !(await standings.FindAsync(id, cancellationToken)).IsDisabled;

    private static IResult Give(ClaimsPrincipal principal) =>
        Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);

    private static IResult Repeat(HttpContext context, byte[] reply)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        return Results.Bytes(reply, "application/json;charset=UTF-8");
    }

    private static IResult Refuse(string error, string description) => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
