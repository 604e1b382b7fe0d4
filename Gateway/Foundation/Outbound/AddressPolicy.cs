using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Cortex.Foundation.Outbound;

/// <summary>
/// Which addresses the gateway may call. A URL is checked before each request, and every network address its host resolves to when a
/// connection is made, so that neither a name nor a later answer of its DNS leads inside.
/// </summary>
internal static class AddressPolicy
{
    /// <summary>Checks scheme and form of a URL.</summary>
    /// <param name="address">The URL.</param>
    /// <param name="trust">Where it came from.</param>
    /// <param name="problem">Why it is refused; never holds more of the URL than its origin.</param>
    public static bool TryAllow(Uri address, OutboundTrust trust, [NotNullWhen(false)] out string? problem)
    {
        problem = Refusal(address, trust);
        return problem is null;
    }

    /// <summary>Checks a network address that a host resolved to.</summary>
    public static bool Allows(IPAddress address, OutboundTrust trust) => trust switch
    {
        OutboundTrust.Operator or OutboundTrust.OperatorPlaintext => true,
        OutboundTrust.Discovered => PublicNetworks.Contain(address),
        OutboundTrust.DiscoveredOnLoopback => IsLoopback(address) || PublicNetworks.Contain(address),
        _ => false,
    };

    private static string? Refusal(Uri address, OutboundTrust trust)
    {
        if (!address.IsAbsoluteUri)
            return "the address is not absolute";
        if (address.UserInfo.Length > 0)
            return "the address carries a user name";
        if (address.Scheme == Uri.UriSchemeHttps)
            return LiteralRefusal(address, trust);
        if (address.Scheme != Uri.UriSchemeHttp)
            return $"the scheme '{address.Scheme}' is neither https nor http";
        return trust switch
        {
            OutboundTrust.OperatorPlaintext => null,
            OutboundTrust.Operator or OutboundTrust.DiscoveredOnLoopback when address.IsLoopback => null,
            _ => $"'{address.GetLeftPart(UriPartial.Authority)}' is plaintext http",
        };
    }

    private static string? LiteralRefusal(Uri address, OutboundTrust trust) =>
        IPAddress.TryParse(address.DnsSafeHost, out var literal) && !Allows(literal, trust)
            ? $"'{address.GetLeftPart(UriPartial.Authority)}' is not a public address"
            : null;

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
