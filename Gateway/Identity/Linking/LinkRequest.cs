using Cortex.Foundation.Model;

namespace Cortex.Identity.Linking;

/// <summary>What an invitation is for, as it is sealed into its address.</summary>
/// <param name="Person">Who may follow it.</param>
/// <param name="Backend">Where they link.</param>
/// <param name="Scopes">The provider's scopes to ask for besides those already granted; empty for the usual ones.</param>
/// <param name="ElicitationId">Names the invitation to the caller's client.</param>
/// <param name="ExpiresAt">Until when it can be followed.</param>
internal sealed record LinkRequest(PersonId Person, BackendId Backend, IReadOnlyList<string> Scopes, string ElicitationId, DateTimeOffset ExpiresAt);
