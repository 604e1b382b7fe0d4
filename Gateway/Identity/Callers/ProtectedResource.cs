using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>One of the gateway's protected resources (<see href="https://www.rfc-editor.org/rfc/rfc9728">RFC 9728</see>).</summary>
/// <param name="Address">The resource: the audience of its tokens, and <c>resource</c> in its metadata.</param>
/// <param name="Parent">A wider resource whose tokens count here as well, or null.</param>
/// <param name="Metadata">Where its metadata is.</param>
internal sealed record ProtectedResource(string Address, string? Parent, string Metadata)
{
    /// <summary>The scopes of this resource alone; null: those of the catalog, or of its toolset.</summary>
    public ScopeSet? Scopes { get; init; }

    /// <summary>The toolset that is served here; null when it is none.</summary>
    public KnownToolset? Toolset { get; init; }

    /// <summary>True when a token for these audiences counts here.</summary>
    public bool Admits(IReadOnlyList<string> audiences) => audiences.Contains(Address) || (Parent is not null && audiences.Contains(Parent));
}
