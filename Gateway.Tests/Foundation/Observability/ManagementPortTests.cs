using Cortex.Foundation.Observability;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Observability;

[TestFixture]
internal sealed class ManagementPortTests
{
    private static readonly TestCaseData[] Addresses =
    [
        new TestCaseData("http://127.0.0.1:8080", null, null, new[] { "http://127.0.0.1:8080", "http://127.0.0.1:9090" }).SetArgDisplayNames("set in code"),
        new TestCaseData(null, "http://*:80;https://*:443", null, new[] { "http://*:80", "https://*:443", "http://*:9090" }).SetArgDisplayNames("urls"),
        new TestCaseData(null, null, "8080", new[] { "http://*:8080", "http://*:9090" }).SetArgDisplayNames("ports of the container image"),
        new TestCaseData(null, null, null, new[] { "http://localhost:5000", "http://localhost:9090" }).SetArgDisplayNames("nothing"),
    ];

    [TestCaseSource(nameof(Addresses))]
    public void Open_adds_the_port_on_the_gateways_own_interfaces(string? inCode, string? urls, string? ports, string[] expected)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["urls"] = urls, ["http_ports"] = ports })
            .Build();
        var addresses = inCode is null ? [] : new List<string> { inCode };

        new ManagementPort(9090).Open(addresses, configuration);

        Assert.That(addresses, Is.EqualTo(expected));
    }

    [Test]
    public void Open_without_a_port_leaves_the_addresses_alone()
    {
        var addresses = new List<string>();

        new ManagementPort(null).Open(addresses, new ConfigurationBuilder().Build());

        Assert.That(addresses, Is.Empty);
    }
}
