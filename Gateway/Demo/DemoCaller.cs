using Cortex.Foundation.Model;

namespace Cortex.Demo;

/// <summary>What the demo backend reads from a token it found valid.</summary>
/// <param name="Subject"><c>sub</c>: the person, or <c>cortex-gateway</c> for catalog discovery.</param>
/// <param name="Email">The person's verified e-mail address, or null.</param>
/// <param name="ClientId">The client that acts, or null.</param>
/// <param name="Scopes">The scopes of the token.</param>
internal sealed record DemoCaller(string Subject, string? Email, string? ClientId, ScopeSet Scopes)
{
    private static readonly Scope CatalogScope = Scope.Parse("cortex:catalog");

    /// <summary>True for the gateway's machine token, which may read the catalog and nothing else.</summary>
    public bool IsCatalog => Scopes.Contains(CatalogScope);
}
