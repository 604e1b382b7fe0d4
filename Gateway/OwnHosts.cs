using System.Net;
using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Options;

namespace Cortex;

/// <summary>
/// The host names under which the gateway answers: that of <c>gateway.publicUrl</c>, those of this machine's loopback, and
/// <c>gateway.allowedHosts</c> as it is now. Ports are not compared.
/// </summary>
internal sealed class OwnHosts(GatewayAddresses addresses, IOptionsMonitor<GatewayOptions> options)
{
    private readonly string _publicHost = new Uri(addresses.Origin).IdnHost;

    /// <summary>True when <paramref name="host"/>, without a port, is one of the gateway's own; an empty one is not.</summary>
    public bool Contains(string host)
    {
        var name = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        return Same(name, _publicHost)
            || Same(name, "localhost")
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address))
            || options.CurrentValue.AllowedHosts.Any(allowed => Matches(allowed, name));
    }

    /// <summary>Exact names match as they are; <c>*.example.com</c> matches every subdomain, not the domain itself.</summary>
    private static bool Matches(string allowed, string name) => allowed.StartsWith("*.", StringComparison.Ordinal)
        ? name.Length > allowed.Length - 1 && name.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
        : Same(allowed.Trim('[', ']'), name);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
