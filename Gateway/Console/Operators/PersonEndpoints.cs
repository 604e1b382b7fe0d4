using Cortex.Foundation.Model;
using Cortex.Identity.AuthorizationServer.Tokens;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Linking;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/persons</c>.</summary>
internal static class PersonEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxSearch = 200;

    public static void Map(RouteGroupBuilder api)
    {
        var persons = api.MapGroup("/persons").WithTags("persons");
        persons.MapGet("/", ListAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Persons), "Persons in the order in which they came")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        persons.MapGet("/{id}", ShowAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Persons), "One person")
            .ProducesProblem(StatusCodes.Status404NotFound);
        persons.MapPut("/{id}/plan", SetPlanAsync).ForOperators(AdminScopes.Plans, "Gives a person a plan, which acts at their next call")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        persons.MapPost("/{id}/disable", DisableAsync).ForOperators(AdminScopes.Persons, "Shuts a person out at their next call, and ends all they granted")
            .ProducesProblem(StatusCodes.Status404NotFound);
        persons.MapPost("/{id}/enable", EnableAsync).ForOperators(AdminScopes.Persons, "Lets a person in again; they connect their clients anew")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<PageOfPersons>, ProblemHttpResult>> ListAsync(
        PersonRecords persons, IOptionsMonitor<IdentityOptions> options, CancellationToken cancellationToken, string? search = null, string? after = null, int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
            return Problem(StatusCodes.Status400BadRequest, $"limit is {limit}; write 1 to {MaxLimit}.");
        if (search?.Length > MaxSearch)
            return Problem(StatusCodes.Status400BadRequest, $"search is longer than {MaxSearch} characters.");
        PersonId? last = null;
        if (after is not null)
        {
            if (!PersonId.TryParse(after, out var id))
                return Problem(StatusCodes.Status400BadRequest, "after is no id of a person; write the value of 'next' of the page before.");
            last = id;
        }

        var found = await persons.ListAsync(string.IsNullOrWhiteSpace(search) ? null : search.Trim(), last, limit + 1, cancellationToken);
        var items = found.Take(limit).Select(person => PersonView.Of(person, options.CurrentValue)).ToArray();
        return TypedResults.Ok(new PageOfPersons(items, found.Count > limit ? items[^1].Id : null));
    }

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> ShowAsync(
        string id, PersonRecords persons, IOptionsMonitor<IdentityOptions> options, CancellationToken cancellationToken) =>
        PersonId.TryParse(id, out var person) && await persons.FindAsync(person, cancellationToken) is { } record
            ? TypedResults.Ok(PersonView.Of(record, options.CurrentValue))
            : NoSuchPerson(id);

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> SetPlanAsync(
        string id, PlanChange change, HttpContext http, PersonRecords persons, PersonPlans plans, OperatorAudit audit, IOptionsMonitor<IdentityOptions> options)
    {
        if (!PersonId.TryParse(id, out var person) || await persons.FindAsync(person, http.RequestAborted) is not { } before)
            return NoSuchPerson(id);
        var configured = options.CurrentValue;
        if (change.Plan is { } plan && !configured.Plans.ContainsKey(plan))
        {
            return Problem(
                StatusCodes.Status422UnprocessableEntity, $"There is no plan of that name; identity.plans has: {string.Join(", ", configured.Plans.Keys.Order(StringComparer.Ordinal))}.");
        }

        var caller = http.GetCaller();
        if (await plans.SetAsync(new PlanDecision(person, change.Plan, caller.Person?.Id.Value ?? caller.ClientId, At: null), CancellationToken.None) is not PlanResult.Applied applied)
            return NoSuchPerson(id);
        var isDisabled = before.DisabledAt is not null;
        await audit.WriteAsync(http, "person.plan", person, new PersonState(applied.Before, isDisabled), new PersonState(change.Plan, isDisabled), OperatorJson.Default.PersonState);
        return await ShowAsync(id, persons, options, http.RequestAborted);
    }

    private static Task<Results<Ok<PersonView>, ProblemHttpResult>> DisableAsync(
        string id, HttpContext http, PersonRecords persons, OperatorAudit audit, IOptionsMonitor<IdentityOptions> options) =>
        SetDisabledAsync(id, true, http, persons, audit, options);

    private static Task<Results<Ok<PersonView>, ProblemHttpResult>> EnableAsync(
        string id, HttpContext http, PersonRecords persons, OperatorAudit audit, IOptionsMonitor<IdentityOptions> options) =>
        SetDisabledAsync(id, false, http, persons, audit, options);

    /// <summary>The grants end also where the person was shut out before: an earlier try may have broken off in between.</summary>
    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> SetDisabledAsync(
        string id, bool isDisabled, HttpContext http, PersonRecords persons, OperatorAudit audit, IOptionsMonitor<IdentityOptions> options)
    {
        if (!PersonId.TryParse(id, out var person) || await persons.FindAsync(person, http.RequestAborted) is not { } before)
            return NoSuchPerson(id);
        var hasChanged = await persons.SetDisabledAsync(person, isDisabled, CancellationToken.None);
        if (isDisabled && http.RequestServices.GetService<PersonGrants>() is { } grants)
            await grants.EndAllAsync(person, "an operator disabled the person", CancellationToken.None);
        if (isDisabled)
            await http.RequestServices.GetRequiredService<LinkedGrants>().EndAllAsync(person, "an operator who disabled the person", CancellationToken.None);
        if (hasChanged)
            await audit.WriteAsync(http, "person.disabled", person, new PersonState(before.Plan, !isDisabled), new PersonState(before.Plan, isDisabled), OperatorJson.Default.PersonState);
        return await ShowAsync(id, persons, options, http.RequestAborted);
    }

    private static ProblemHttpResult NoSuchPerson(string id) =>
        Problem(StatusCodes.Status404NotFound, PersonId.TryParse(id, out _) ? $"There is no person '{id}'." : "This is no id of a person: p_ and 32 hexadecimal digits.");

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
