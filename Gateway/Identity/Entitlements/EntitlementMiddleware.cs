using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>
/// Sets the <see cref="CallerFeature"/> of every request that passed authorization with a token. A person who is shut out, or whose plan lacks a
/// scope of <c>identity.requiredScopes</c>, is turned away without a challenge, for no consent could help.
/// </summary>
internal sealed class EntitlementMiddleware(
    RequestDelegate next, CallerEntitlements entitlements, ProtectedResources resources, IOptionsMonitor<IdentityOptions> options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<ValidatedToken>() is not { } token)
        {
            await next(context);
            return;
        }

        var feature = await entitlements.FindAsync(token, context.RequestAborted);
        context.Features.Set(feature);
        if (feature.IsDisabled)
        {
            await RefuseAsync(context, "An operator of this gateway has disabled your account. Signing in again will not help; ask an operator.");
        }
        else if (resources.Of(context.Request.PathBase + context.Request.Path).Scopes is null && MissingFloor(feature.Caller) is { } scope)
        {
            await RefuseAsync(
                context,
                $"Your plan '{feature.Caller.PlanLabel}' does not hold the scope '{scope}', which every request needs. Ask an operator of this gateway for another plan.");
        }
        else
        {
            await next(context);
        }
    }

    private static Task RefuseAsync(HttpContext context, string detail) =>
        TypedResults.Problem(detail, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);

    private Scope? MissingFloor(Caller caller)
    {
        foreach (var scope in options.CurrentValue.RequiredScopes)
        {
            if (!caller.Scopes.Contains(scope))
                return scope;
        }

        return null;
    }
}
