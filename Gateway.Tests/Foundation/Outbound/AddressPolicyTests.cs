using System.Net;
using Cortex.Foundation.Outbound;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Outbound;

/// <summary>Which addresses the gateway may call.</summary>
internal sealed class AddressPolicyTests
{
    [TestCase("https://example.com/", true, true, true, true)]
    [TestCase("https://10.0.0.1/", true, true, false, false)]
    [TestCase("https://127.0.0.1/", true, true, false, true)]
    [TestCase("https://[::1]/", true, true, false, true)]
    [TestCase("https://[::ffff:192.168.0.1]/", true, true, false, false)]
    [TestCase("https://0x7f000001/", true, true, false, true)]
    [TestCase("https://2130706433/", true, true, false, true)]
    [TestCase("http://127.0.0.1/", true, true, false, true)]
    [TestCase("http://localhost/", true, true, false, true)]
    [TestCase("http://10.0.0.1/", false, true, false, false)]
    [TestCase("http://example.com/", false, true, false, false)]
    [TestCase("http://localhost.evil.example/", false, true, false, false)]
    [TestCase("https://user:secret@example.com/", false, false, false, false)]
    [TestCase("ftp://example.com/", false, false, false, false)]
    [TestCase("file:///etc/passwd", false, false, false, false)]
    public void Url_is_judged_by_where_it_came_from(string address, bool written, bool plaintext, bool discovered, bool onLoopback)
    {
        bool Allowed(OutboundTrust trust) => AddressPolicy.TryAllow(new Uri(address), trust, out _);

        Assert.That(Allowed(OutboundTrust.Operator), Is.EqualTo(written));
        Assert.That(Allowed(OutboundTrust.OperatorPlaintext), Is.EqualTo(plaintext));
        Assert.That(Allowed(OutboundTrust.Discovered), Is.EqualTo(discovered));
        Assert.That(Allowed(OutboundTrust.DiscoveredOnLoopback), Is.EqualTo(onLoopback));
    }

    [Test]
    public void Problem_never_repeats_a_password()
    {
        AddressPolicy.TryAllow(new Uri("https://user:secret@example.com/"), OutboundTrust.Discovered, out var problem);

        Assert.That(problem, Does.Not.Contain("secret"));
    }

    [TestCase("0.0.0.0")]
    [TestCase("10.255.255.255")]
    [TestCase("100.64.0.1")]
    [TestCase("100.100.100.200")]
    [TestCase("127.0.0.1")]
    [TestCase("168.63.129.16")]
    [TestCase("169.254.169.254")]
    [TestCase("172.16.0.1")]
    [TestCase("172.31.255.255")]
    [TestCase("192.0.0.192")]
    [TestCase("192.168.1.1")]
    [TestCase("198.18.0.1")]
    [TestCase("203.0.113.7")]
    [TestCase("224.0.0.1")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("::1")]
    [TestCase("::ffff:10.0.0.1")]
    [TestCase("::ffff:169.254.169.254")]
    [TestCase("::10.0.0.1")]
    [TestCase("64:ff9b::a00:1")]
    [TestCase("64:ff9b:1::1")]
    [TestCase("2001::1")]
    [TestCase("2002:a00:1::")]
    [TestCase("fc00::1")]
    [TestCase("fd00:ec2::254")]
    [TestCase("fe80::1")]
    [TestCase("fec0::1")]
    [TestCase("ff02::1")]
    public void Special_address_is_not_public(string address) =>
        Assert.That(AddressPolicy.Allows(IPAddress.Parse(address), OutboundTrust.Discovered), Is.False);

    [TestCase("1.1.1.1")]
    [TestCase("9.255.255.255")]
    [TestCase("11.0.0.0")]
    [TestCase("100.63.255.255")]
    [TestCase("100.128.0.0")]
    [TestCase("172.15.255.255")]
    [TestCase("172.32.0.0")]
    [TestCase("192.169.0.0")]
    [TestCase("223.255.255.255")]
    [TestCase("::ffff:8.8.8.8")]
    [TestCase("2606:4700::1111")]
    [TestCase("2a00:1450::1")]
    public void Public_address_is_public(string address) =>
        Assert.That(AddressPolicy.Allows(IPAddress.Parse(address), OutboundTrust.Discovered), Is.True);
}
