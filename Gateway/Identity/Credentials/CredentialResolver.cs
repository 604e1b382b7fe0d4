using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Minting;

namespace Cortex.Identity.Credentials;

/// <summary>Caller and backend → the one outbound credential. The only place where tokens change hands. Thread-safe.</summary>
internal sealed class CredentialResolver(TokenMinter minter)
{
    /// <summary>The headers by which <paramref name="caller"/> speaks to <paramref name="backend"/>.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="backend">Who is called.</param>
    /// <param name="request">The inbound request; only <c>auth: forward</c> reads it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public ValueTask<CredentialResult> ResolveAsync(
        Caller caller, BackendDefinition backend, HttpContext? request, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{minter} {caller} {backend} {request} {cancellationToken}");

    /// <summary>The headers by which the gateway itself reads the backend's catalog.</summary>
    public CredentialResult.Granted ForCatalog(BackendDefinition backend) => throw new NotSupportedException($"{minter} {backend}");
}
