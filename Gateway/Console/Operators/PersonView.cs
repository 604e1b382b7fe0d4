using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;

namespace Cortex.Console.Operators;

/// <summary>A person.</summary>
/// <param name="Plan">The plan they have: the one they were given, or the default one; null where no plan limits them.</param>
/// <param name="PlanDisplayName">What people are told it is called; null when that is its name.</param>
/// <param name="GivenPlan">The plan they were given; null: none.</param>
/// <param name="PlanSince">Since when; null when nothing was ever decided.</param>
/// <param name="PlanSetBy">Who decided: id of an operator or a machine client, or <c>billing</c>.</param>
/// <param name="DisabledAt">Since when they are shut out; null: they are not.</param>
internal sealed record PersonView(
    string Id,
    string Issuer,
    string Subject,
    string? Email,
    bool EmailVerified,
    string? Name,
    string? Role,
    string? Pool,
    string? Plan,
    string? PlanDisplayName,
    string? GivenPlan,
    DateTimeOffset? PlanSince,
    string? PlanSetBy,
    DateTimeOffset? DisabledAt,
    DateTimeOffset CreatedAt)
{
    public static PersonView Of(PersonRecord person, IdentityOptions options) => new(
        person.Id,
        person.Issuer,
        person.Subject,
        person.Email,
        person.EmailVerified,
        person.Name,
        person.Role,
        person.Pool,
        person.Plan ?? options.DefaultPlan,
        (person.Plan ?? options.DefaultPlan) is { } plan ? options.Plans.GetValueOrDefault(plan)?.DisplayName : null,
        person.Plan,
        Moment(person.PlanSince),
        person.PlanSetBy,
        Moment(person.DisabledAt),
        DateTimeOffset.FromUnixTimeMilliseconds(person.CreatedAt));

    private static DateTimeOffset? Moment(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}

/// <summary>Some persons.</summary>
/// <param name="Next">Value of <c>after</c> for the next page; null at the end.</param>
internal sealed record PageOfPersons(IReadOnlyList<PersonView> Items, string? Next);

/// <summary>The plan a person is to have.</summary>
/// <param name="Plan">A plan of <c>identity.plans</c>; null for the default one.</param>
internal sealed record PlanChange(string? Plan);

/// <summary>What operators change of a person, for the record.</summary>
internal sealed record PersonState(string? Plan, bool IsDisabled);
