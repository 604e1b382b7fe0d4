namespace Cortex.Foundation.Outbound;

/// <summary>Refuses a request whose URL the policy does not allow, before anything is resolved.</summary>
internal sealed class AddressGuardHandler(OutboundTrust trust, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? problem = null;
        if (request.RequestUri is null || !AddressPolicy.TryAllow(request.RequestUri, trust, out problem))
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"The address may not be called: {problem ?? "there is none"}.");
        return base.SendAsync(request, cancellationToken);
    }
}
