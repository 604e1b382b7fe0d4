using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>One row of the table <c>persons</c>.</summary>
internal sealed class PersonRow
{
    public required string Id { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? Name { get; init; }

    public string? Role { get; init; }

    public string? Pool { get; init; }

    public string? GroupsJson { get; init; }

    public Person ToPerson() => new(PersonId.Parse(Id), Issuer, Subject, Email, EmailVerified, Name, Role, Pool, GroupSet.FromJson(GroupsJson));
}
