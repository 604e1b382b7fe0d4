using System.Security.Claims;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer;

/// <summary>
/// <c>/oauth/token</c>, once OpenIddict has validated client, code or refresh token, verifier and resource: tokens for what was granted, as
/// long as the person still exists.
/// </summary>
internal static class TokenEndpoint
{
    public static async Task<IResult> HandleAsync(HttpContext context, PersonStore persons, CancellationToken cancellationToken)
    {
        var presented = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        if (presented.Principal is not { } principal || !await ExistsAsync(principal, persons, cancellationToken))
            return Refuse();
        return Results.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static async Task<bool> ExistsAsync(ClaimsPrincipal principal, PersonStore persons, CancellationToken cancellationToken) =>
        PersonId.TryParse(principal.GetClaim(Claims.Subject), out var id) && await persons.FindAsync(id, cancellationToken) is not null;

    private static IResult Refuse() => Results.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidGrant,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = "The person of this grant does not exist any more.",
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
