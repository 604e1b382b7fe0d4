using Cortex.Foundation.Model;

namespace Cortex.Identity.Entitlements;

/// <summary>That a person is to have a plan.</summary>
/// <param name="Person">Who.</param>
/// <param name="Plan">A configured plan; null: the default one.</param>
/// <param name="By">Who decided: id of an operator or a machine client, or <c>billing</c>.</param>
/// <param name="At">When it was decided; null: just now, which counts over all that was decided before.</param>
internal sealed record PlanDecision(PersonId Person, string? Plan, string By, DateTimeOffset? At);

/// <summary>What became of a <see cref="PlanDecision"/>.</summary>
internal abstract record PlanResult
{
    private PlanResult()
    {
    }

    /// <summary>It is on record.</summary>
    /// <param name="Before">The plan they had been given, or null.</param>
    public sealed record Applied(string? Before) : PlanResult;

    /// <summary>Something else was decided later; nothing was changed.</summary>
    /// <param name="Present">The plan they have been given, or null.</param>
    public sealed record Superseded(string? Present) : PlanResult;

    /// <summary>The person is not known.</summary>
    public sealed record NoSuchPerson : PlanResult
    {
        public static NoSuchPerson Instance { get; } = new();
    }
}
