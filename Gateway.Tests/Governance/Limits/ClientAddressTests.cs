using System.Net;
using Cortex.Governance.Limits;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Limits;

/// <summary>Which addresses count as one.</summary>
internal sealed class ClientAddressTests
{
    [TestCase("192.0.2.7", "192.0.2.200", false, true)]
    [TestCase("192.0.2.7", "192.0.3.7", false, false)]
    [TestCase("192.0.2.7", "::ffff:192.0.2.7", true, true)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", false, true)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false, false)]
    [TestCase("fe80::1%3", "fe80::1%4", true, true)]
    public void Address_and_network_are_told_apart(string one, string other, bool sameAddress, bool sameNetwork)
    {
        var (a, b) = (ClientAddress.Of(IPAddress.Parse(one)), ClientAddress.Of(IPAddress.Parse(other)));

        Assert.That((a.Address == b.Address, a.Network == b.Network), Is.EqualTo((sameAddress, sameNetwork)));
    }
}
