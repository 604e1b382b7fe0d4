using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.Callers;

/// <summary>What fetching an issuer's key set came to.</summary>
internal abstract record IssuerKeySet
{
    private IssuerKeySet()
    {
    }

    /// <summary>The keys it publishes now; at least one.</summary>
    public sealed record Present(IReadOnlyList<JsonWebKey> Keys) : IssuerKeySet;

    /// <summary>There are none to be had.</summary>
    public sealed record Missing(string Reason) : IssuerKeySet;
}
