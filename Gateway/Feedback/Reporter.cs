using Cortex.Foundation.Model;

namespace Cortex.Feedback;

/// <summary>Whose tickets: the person, whichever client they use, or the machine client.</summary>
/// <param name="Owner">Key of what belongs to them.</param>
/// <param name="PersonId">The person; null for a machine.</param>
/// <param name="ClientId">The client that acted.</param>
internal sealed record Reporter(string Owner, string? PersonId, string ClientId)
{
    public static Reporter Of(Caller caller) => caller.Person is { } person
        ? new Reporter($"person:{person.Id}", person.Id.Value, caller.ClientId)
        : new Reporter(caller.Owner, null, caller.ClientId);
}
