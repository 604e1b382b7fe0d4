using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>
/// Sets the <see cref="CallerFeature"/> of every request that passed authorization with a token. A person whose plan lacks a scope of
/// <c>identity.requiredScopes</c> is turned away without a challenge, for no consent could help.
/// </summary>
internal sealed class EntitlementMiddleware(RequestDelegate next, EntitlementPolicy policy, IOptionsMonitor<IdentityOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<ValidatedToken>() is not { } token)
            return next(context);

        var feature = policy.Judge(token);
        context.Features.Set(feature);
        return MissingFloor(feature.Caller) is { } scope
            ? TypedResults.Problem(
                $"Your plan '{feature.Caller.Plan}' does not hold the scope '{scope}', which every request needs. Ask an operator of this gateway for another plan.",
                statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context)
            : next(context);
    }

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
