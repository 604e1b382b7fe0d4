using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/plans</c>.</summary>
internal static class PlanEndpoints
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/plans", ListAsync).WithTags("plans")
        .ForOperators(AdminScopes.ToRead(AdminScopes.Plans), "The configured plans, and those that persons were given and the configuration has no more");

    private static async Task<Ok<IReadOnlyList<PlanView>>> ListAsync(PersonPlans plans, IOptionsMonitor<IdentityOptions> options, CancellationToken cancellationToken)
    {
        var given = await plans.CountAsync(cancellationToken);
        var current = options.CurrentValue;
        IReadOnlyList<PlanView> views =
        [
            .. current.Plans.Keys.Union(given.Keys).Order(StringComparer.Ordinal).Select(name => new PlanView(
                name,
                current.Plans.GetValueOrDefault(name)?.DisplayName,
                current.Plans.TryGetValue(name, out var plan) ? [.. plan.Scopes.Select(scope => scope.Value)] : [],
                current.Plans.ContainsKey(name),
                name == current.DefaultPlan,
                given.GetValueOrDefault(name))),
        ];
        return TypedResults.Ok(views);
    }
}

/// <summary>A plan.</summary>
/// <param name="DisplayName">What people are told it is called; null when that is its name.</param>
/// <param name="Scopes">What its persons hold; a last part <c>*</c> stands for all that begin alike.</param>
/// <param name="IsConfigured">False for a plan that only persons still have: they hold nothing.</param>
/// <param name="IsDefault">True for the plan of whoever was given none.</param>
/// <param name="Persons">How many were given it.</param>
internal sealed record PlanView(string Name, string? DisplayName, IReadOnlyList<string> Scopes, bool IsConfigured, bool IsDefault, long Persons);
