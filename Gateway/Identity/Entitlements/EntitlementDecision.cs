using Cortex.Foundation.Model;

namespace Cortex.Identity.Entitlements;

/// <summary>Whether a caller holds a scope, and if not, what would help.</summary>
internal abstract record EntitlementDecision
{
    private EntitlementDecision()
    {
    }

    /// <summary>The caller holds the scope.</summary>
    public sealed record Granted : EntitlementDecision
    {
        public static Granted Instance { get; } = new();
    }

    /// <summary>The token lacks the scope, and a new consent could grant it: answer with a 403 challenge.</summary>
    public sealed record MissingInToken(Scope Scope) : EntitlementDecision;

    /// <summary>No consent can grant the scope: answer with a tool result that names the plan, never a challenge.</summary>
    /// <param name="Scope">What is missing.</param>
    /// <param name="Plan">What the caller's plan is called; null when the scope is one that no agent can hold.</param>
    public sealed record NotInPlan(Scope Scope, string? Plan) : EntitlementDecision;
}
