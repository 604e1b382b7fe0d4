using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers.PersonalTokens;

/// <summary>A personal access token as it is on record: its text is not.</summary>
/// <param name="Id">Names it.</param>
/// <param name="PersonId">Whose it is, and whom it speaks for.</param>
/// <param name="Name">What the person called it.</param>
/// <param name="Scopes">What it holds; the plan may allow less.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="LastUsedAt">When it was last used, to the minute; null when never.</param>
internal sealed record PersonalToken(
    PersonalTokenId Id, PersonId PersonId, string Name, ScopeSet Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>One row of the table <c>personal_tokens</c>, without its hash.</summary>
internal sealed class PersonalTokenRow
{
    public const string Columns =
        "id, person_id AS personId, name, scopes, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt";

    public required string Id { get; init; }

    public required string PersonId { get; init; }

    public required string Name { get; init; }

    public required string Scopes { get; init; }

    public required long CreatedAt { get; init; }

    public required long ExpiresAt { get; init; }

    public long? LastUsedAt { get; init; }

    public PersonalToken ToToken() => new(
        PersonalTokenId.Parse(Id),
        Foundation.Model.PersonId.Parse(PersonId),
        Name,
        ScopeSet.ParseLenient(Scopes),
        DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        DateTimeOffset.FromUnixTimeMilliseconds(ExpiresAt),
        LastUsedAt is { } used ? DateTimeOffset.FromUnixTimeMilliseconds(used) : null);
}
