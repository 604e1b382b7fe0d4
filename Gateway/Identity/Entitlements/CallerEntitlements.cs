using Cortex.Identity.Callers;

namespace Cortex.Identity.Entitlements;

/// <summary>The caller behind a token, by what is on record of the person and what the configuration says now. Thread-safe.</summary>
internal sealed class CallerEntitlements(EntitlementPolicy policy, PersonStandings standings)
{
    public async ValueTask<CallerFeature> FindAsync(ValidatedToken token, CancellationToken cancellationToken)
    {
        var standing = token.Person is { } person ? await standings.FindAsync(person.Id, cancellationToken) : PersonStanding.Ordinary;
        return policy.Judge(token, standing);
    }
}
