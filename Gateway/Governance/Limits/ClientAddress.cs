using System.Net;
using System.Net.Sockets;

namespace Cortex.Governance.Limits;

/// <summary>
/// Where a request comes from, as limits count it: the address, and the network that one customer of a provider usually has. Behind a proxy of
/// <c>gateway.trustedProxies</c> it is the address that the proxy tells, and a header of anybody else counts for nothing.
/// </summary>
/// <param name="Address">The address; an IPv4 address in IPv6 clothes as IPv4.</param>
/// <param name="Network">Its /24, or the /64 of an IPv6 address.</param>
internal readonly record struct ClientAddress(string Address, string Network)
{
    private const int NetworkBytes4 = 3;
    private const int NetworkBytes6 = 8;

    /// <summary>The address of a request. Connections without one, such as Unix sockets, count as one address.</summary>
    public static ClientAddress Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    public static ClientAddress Of(IPAddress? address)
    {
        if (address is null)
            return new ClientAddress("local", "local");
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var kept = plain.AddressFamily == AddressFamily.InterNetwork ? NetworkBytes4 : NetworkBytes6;
        return new ClientAddress(new IPAddress(bytes).ToString(), Convert.ToHexString(bytes, 0, kept));
    }
}
