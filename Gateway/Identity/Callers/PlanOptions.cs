using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>One entry of <c>identity.plans</c>. A plan that is nothing but its scopes may be written as their list.</summary>
internal sealed class PlanOptions
{
    /// <summary>What its persons hold: scopes by name, or all that begin alike: mcp:notes:*.</summary>
    [Shorthand]
    public IReadOnlyList<Scope> Scopes { get; init; } = [];

    /// <summary>What people are told it is called. Default: its name here.</summary>
    public string? DisplayName { get; init; }
}
