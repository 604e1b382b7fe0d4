using System.Net;

namespace Cortex.Foundation.Outbound;

/// <summary>
/// The public internet: every address that is not in a special-purpose registry of IANA
/// (<see href="https://www.iana.org/assignments/iana-ipv4-special-registry">IPv4</see>,
/// <see href="https://www.iana.org/assignments/iana-ipv6-special-registry">IPv6</see>), not multicast, and no metadata service of a cloud.
/// Forms of IPv6 that carry an IPv4 address are refused as a whole, but for the mapped one, which is judged as the address it carries.
/// </summary>
internal static class PublicNetworks
{
    private static readonly IPNetwork[] Refused =
    [
        .. new[]
        {
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carrier-grade NAT; one cloud's metadata service
            "127.0.0.0/8", // loopback
            "168.63.129.16/32", // one cloud's metadata service, in public space
            "169.254.0.0/16", // link-local; most clouds' metadata services
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments; one cloud's metadata service
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarking
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, broadcast
            "::/96", // unspecified, loopback, IPv4-compatible
            "64:ff9b::/96", // NAT64
            "64:ff9b:1::/48", // NAT64, local
            "100::/64", // discard
            "2001::/23", // protocol assignments, Teredo
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "3fff::/20", // documentation
            "5f00::/16", // segment routing
            "fc00::/7", // unique local
            "fe80::/10", // link-local
            "fec0::/10", // site-local
            "ff00::/8", // multicast
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>True when <paramref name="address"/> is on the public internet.</summary>
    public static bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(Refused, network => network.Contains(plain));
    }
}
