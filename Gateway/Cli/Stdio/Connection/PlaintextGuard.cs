namespace Cortex.Cli.Stdio.Connection;

/// <summary>Lets nothing leave this machine in plain text: neither to addresses in a gateway's metadata, nor to the gateway itself unless the user said so.</summary>
internal sealed class PlaintextGuard(StdioOptions options) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        var isAllowed = address.Scheme == Uri.UriSchemeHttps || address.IsLoopback
            || (options.AllowsPlaintext && address.Host == options.Endpoint.Host && address.Port == options.Endpoint.Port);
        return isAllowed
            ? base.SendAsync(request, cancellationToken)
            : throw new StdioException($"The gateway's metadata leads to {address.GetLeftPart(UriPartial.Authority)}, which is plain http to another machine. Have the gateway name https addresses (gateway.publicUrl).");
    }
}
