using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.AuthorizationServer.Protocol;
using Cortex.Identity.Callers;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Which resources tokens are given for (<see href="https://www.rfc-editor.org/rfc/rfc8707">RFC 8707</see>).</summary>
internal sealed class ResourcePolicyTests
{
    private const string Mcp = "https://gateway.example/mcp";

    private static readonly ResourcePolicy Policy = new(new GatewayAddresses(new FixedOptions<GatewayOptions>(new GatewayOptions { PublicUrl = "https://gateway.example" })), toolset => toolset == "sales" ? new KnownToolset("Sales", () => ScopeSet.Empty) : null);

    [TestCase(Mcp, ExpectedResult = Mcp)]
    [TestCase(Mcp + "/", ExpectedResult = Mcp)]
    [TestCase("HTTPS://Gateway.Example/mcp", ExpectedResult = Mcp)]
    [TestCase(Mcp + "/sales", ExpectedResult = Mcp + "/sales")]
    [TestCase(Mcp + "/other", ExpectedResult = null)]
    [TestCase(Mcp + "/sales/deeper", ExpectedResult = null)]
    [TestCase(Mcp + "?x=1", ExpectedResult = null)]
    [TestCase(Mcp + "x", ExpectedResult = null)]
    [TestCase("http://gateway.example/mcp", ExpectedResult = null)]
    [TestCase("https://gateway.example/api/admin", ExpectedResult = "https://gateway.example/api/admin")]
    [TestCase("https://gateway.example/api/admin/persons", ExpectedResult = null)]
    [TestCase("https://gateway.example/", ExpectedResult = null)]
    [TestCase("not an address", ExpectedResult = null)]
    public string? Resource_is_the_endpoint_a_configured_toolset_or_the_operator_api(string requested) => Policy.Find([requested]);

    [Test]
    public void No_resource_means_the_endpoint() => Assert.That(Policy.Find([]), Is.EqualTo(Mcp));

    [Test]
    public void Same_resource_twice_is_one_and_two_are_none()
    {
        Assert.That(Policy.Find([Mcp, Mcp + "/"]), Is.EqualTo(Mcp));
        Assert.That(Policy.Find([Mcp, Mcp + "/sales"]), Is.Null);
    }
}
