using Cortex.Backends;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Minting;

/// <summary>Makes the short-lived tokens that backends receive. Thread-safe.</summary>
internal sealed class TokenMinter
{
    /// <summary>A token that speaks for <paramref name="caller"/> at this one backend, from the cache while it is fresh.</summary>
    public string Mint(Caller caller, BackendDefinition backend) => throw new NotSupportedException($"{caller.Subject} {backend.Id}");

    /// <summary>A token by which the gateway itself reads a backend's catalog: <c>sub: cortex-gateway</c>, <c>scope: cortex:catalog</c>.</summary>
    public string MintCatalogToken(BackendDefinition backend) => throw new NotSupportedException($"{backend.Id}");
}
