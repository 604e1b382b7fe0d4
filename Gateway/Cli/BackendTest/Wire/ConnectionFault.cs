using Cortex.Cli.Findings;

namespace Cortex.Cli.BackendTest.Wire;

/// <summary>Says why no connection came about, and what to do.</summary>
internal static class ConnectionFault
{
    public static ProbeReply.Failed Of(HttpRequestException exception, Uri endpoint)
    {
        var place = endpoint.GetLeftPart(UriPartial.Authority);
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => new ProbeReply.Failed(
                $"the host '{endpoint.Host}' is not known", "Check the spelling, and that this machine resolves the name"),
            HttpRequestError.SecureConnectionError => new ProbeReply.Failed(
                $"TLS with {place} failed ({ConnectionReason.Of(exception)})", "Serve a certificate that this machine trusts and that names the host, or write http:// if nothing speaks TLS there"),
            HttpRequestError.ConnectionError => new ProbeReply.Failed(
                $"nothing takes connections at {place} ({ConnectionReason.Of(exception)})", "Start the backend, and check host and port"),
            _ => new ProbeReply.Failed(
                $"{place} did not answer with HTTP ({ConnectionReason.Of(exception)})", "Check that the port is the backend's, and write https:// if it speaks TLS"),
        };
    }
}
