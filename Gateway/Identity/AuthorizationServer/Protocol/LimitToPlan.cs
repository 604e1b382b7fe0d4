using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Gives an access token those of the granted scopes that the person's plan holds now. The grant keeps the others: after an upgrade the next
/// refresh gives them.
/// </summary>
internal sealed class LimitToPlan(PlannedScopes plans) : IOpenIddictServerHandler<ProcessSignInContext>
{
    /// <summary>Once the access token has its scopes, before it is made.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
            .AddFilter<OpenIddictServerHandlerFilters.RequireAccessTokenGenerated>()
            .UseSingletonHandler<LimitToPlan>()
            .SetOrder(OpenIddictServerHandlers.PrepareAccessTokenPrincipal.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.AccessTokenPrincipal is not { } principal || !PersonId.TryParse(principal.GetClaim(OpenIddictConstants.Claims.Subject), out var person))
            return;
        var granted = ScopeSet.ParseLenient(string.Join(' ', principal.GetScopes()));
        var planned = await plans.LimitAsync(person, granted, context.CancellationToken);
        if (planned.Count < granted.Count)
            principal.SetScopes(planned.Select(scope => scope.Value));
    }
}
