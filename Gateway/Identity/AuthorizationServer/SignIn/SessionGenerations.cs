using System.Globalization;
using System.Security.Claims;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>
/// Ends all browser sessions of a person at once: each session's cookie names the generation it was made in, and counts only as long as that is the
/// person's present one, in the table <c>session_generations</c>. Looked up with every page, so that the end is the same at every replica.
/// </summary>
internal sealed class SessionGenerations(Database database)
{
    private const string ClaimType = "generation";

    /// <summary>What the cookie of a new session has to carry.</summary>
    public async Task<Claim> MakeClaimAsync(PersonId person, CancellationToken cancellationToken) =>
        new(ClaimType, (await FindAsync(person, cancellationToken)).ToString(CultureInfo.InvariantCulture));

    /// <summary>True when the cookie is of the person's present generation.</summary>
    public async Task<bool> IsCurrentAsync(ClaimsPrincipal? cookie, CancellationToken cancellationToken) =>
        PersonId.TryParse(cookie?.FindFirstValue(OpenIddictConstants.Claims.Subject), out var person)
        && long.TryParse(cookie!.FindFirstValue(ClaimType), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
        && generation == await FindAsync(person, cancellationToken);

    /// <summary>Ends every session there is.</summary>
    public async Task AdvanceAsync(PersonId person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO session_generations (person_id, generation) VALUES (@Person, 1)
            ON CONFLICT (person_id) DO UPDATE SET generation = session_generations.generation + 1
            """,
            new { Person = person.Value },
            cancellationToken: cancellationToken));
    }

    private async Task<long> FindAsync(PersonId person, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "SELECT generation FROM session_generations WHERE person_id = @Person",
            new { Person = person.Value },
            cancellationToken: cancellationToken)) ?? 0;
    }
}
