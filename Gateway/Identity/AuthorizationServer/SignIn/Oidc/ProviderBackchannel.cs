using Cortex.Foundation.Outbound;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>
/// Sends what the gateway asks a provider directly (metadata, keys, tokens, user info) under the address policy: the operator wrote the issuer's
/// origin, so that it is trusted; an address elsewhere was met in its metadata, and must be public unless the issuer itself is on loopback.
/// </summary>
internal sealed class ProviderBackchannel(ProviderOptions provider, GuardedHttpClients clients) : HttpMessageHandler
{
    private readonly Uri _issuer = new(provider.Issuer);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        clients.InvokerFor(TrustOf(request.RequestUri!)).SendAsync(request, cancellationToken);

    private OutboundTrust TrustOf(Uri address)
    {
        if (address.GetLeftPart(UriPartial.Authority) == _issuer.GetLeftPart(UriPartial.Authority))
            return provider.AllowPlaintext ? OutboundTrust.OperatorPlaintext : OutboundTrust.Operator;
        return _issuer.IsLoopback ? OutboundTrust.DiscoveredOnLoopback : OutboundTrust.Discovered;
    }
}
