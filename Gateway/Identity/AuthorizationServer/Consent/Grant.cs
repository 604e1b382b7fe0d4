using System.Collections.Immutable;
using System.Security.Claims;
using Cortex.Foundation.Model;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>What a person gave a client: turned into OpenIddict's principal, from which code and tokens are made.</summary>
internal static class Grant
{
    /// <summary>The access token says who and what for; name and address go into an ID token only, where the scope allows it.</summary>
    public static ClaimsPrincipal Of(Person person, ScopeSet scopes, string resource)
    {
        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.Id.Value);
        identity.SetScopes(scopes.Select(scope => scope.Value));
        identity.SetResources(resource);
        if (person.Name is not null)
            identity.SetClaim(Claims.Name, person.Name);
        if (person.Email is not null)
        {
            identity.SetClaim(Claims.Email, person.Email);
            identity.SetClaim(Claims.EmailVerified, person.EmailVerified);
        }

        identity.SetDestinations(claim => DestinationsOf(claim, identity));
        return new ClaimsPrincipal(identity);
    }

    private static ImmutableArray<string> DestinationsOf(Claim claim, ClaimsIdentity identity) => claim.Type switch
    {
        Claims.Name when identity.HasScope(Scopes.Profile) => [Destinations.IdentityToken],
        Claims.Email or Claims.EmailVerified when identity.HasScope(Scopes.Email) => [Destinations.IdentityToken],
        _ => [],
    };
}
