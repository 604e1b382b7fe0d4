using Cortex.Foundation.Model;
using Cortex.Governance.Audit;
using Cortex.Governance.Limits;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cortex.Console.Operators;

/// <summary>
/// Lets an operator in: (1) within <c>limits.operators</c>, (2) one whom the configuration names as such, at this very moment, (3) with a token that
/// holds the scope. Who is none gets no challenge, for no consent could help. Refusals are recorded.
/// </summary>
internal sealed class OperatorFilter(Scope needed) : IEndpointFilter
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var caller = http.GetCaller();
        http.Response.Headers.CacheControl = "no-store";
        if (await FindRefusalAsync(services, caller, http.RequestAborted) is { } refused)
        {
            LimitRefusal.Refuse(http, refused);
            return Refuse(http, caller, StatusCodes.Status429TooManyRequests, "Too many requests; wait for as long as Retry-After says, then try again.");
        }

        var operators = services.GetRequiredService<OperatorPolicy>();
        if (!operators.MayHold(caller, needed))
            return Refuse(http, caller, StatusCodes.Status403Forbidden, "You are no operator of this gateway, or not for this: identity.admins names the persons, and a machine client's own scopes what it may do.");
        if (operators.Allow(caller, needed))
            return await next(context);
        var description = $"The token lacks the scope '{needed}'.";
        BearerChallenge
            .InsufficientScope(ScopeSet.Of(needed), caller.TokenScopes, Era.Legacy, description, services.GetRequiredService<ProtectedResources>().Admin.Metadata)
            .WriteTo(http.Response);
        return Refuse(http, caller, StatusCodes.Status403Forbidden, description);
    }

    private static async ValueTask<LimitDecision.Refused?> FindRefusalAsync(IServiceProvider services, Caller caller, CancellationToken cancellationToken)
    {
        var limit = services.GetRequiredService<IOptionsMonitor<LimitsOptions>>().CurrentValue.Operators.PerMinute;
        return await services.GetRequiredService<RateLimiter>().TakeAsync(LimitRule.Per("operators.caller", limit, Minute), caller.Owner, cancellationToken)
            as LimitDecision.Refused;
    }

    private static ProblemHttpResult Refuse(HttpContext http, Caller caller, int status, string detail)
    {
        http.RequestServices.GetRequiredService<AuditLog>().Record(new AuditRecord
        {
            Event = "operator.request",
            Outcome = "denied",
            PersonId = caller.Person?.Id.Value,
            ClientId = caller.ClientId,
            Method = http.Request.Method,
            Target = http.GetEndpoint()?.DisplayName,
            Status = status,
            Detail = detail,
        });
        return TypedResults.Problem(detail, statusCode: status);
    }
}

/// <summary>Names the scope of an operation.</summary>
internal static class OperatorFilterExtensions
{
    /// <summary>The operation is for operators whose token covers this scope.</summary>
    public static RouteHandlerBuilder ForOperators(this RouteHandlerBuilder route, Scope needed, string summary) =>
        route.AddEndpointFilter(new OperatorFilter(needed)).WithSummary(summary).WithDescription($"Needs the scope `{needed}`, or a wider one.");
}
