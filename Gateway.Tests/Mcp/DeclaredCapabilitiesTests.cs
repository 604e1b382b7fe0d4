using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>What a server that speaks both eras is told of the caller, and in which era.</summary>
internal sealed class DeclaredCapabilitiesTests
{
    private const string Asks = """{"elicitation":{"form":{}},"experimental":{"x":{}}}""";
    private const string MetaCapabilities = "io.modelcontextprotocol/clientCapabilities";

    private ConformanceServer _server = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ConformanceServer.StartAsync();
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, url: "{{_server.Url}}", timeout: 5s, prefix: "" }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:native");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Modern_client_declares_its_own_set_cut_to_what_is_relayed()
    {
        var parameters = new JsonObject
        {
            ["name"] = "test_simple_text",
            ["_meta"] = new JsonObject { [MetaCapabilities] = JsonNode.Parse("""{"sampling":{"tools":{}},"tasks":{},"elicitation":{},"roots":{"listChanged":true},"extensions":{"io.modelcontextprotocol/ui":{},"x/y":{}}}""") },
        };
        await _alice.ModernAsync("tools/call", parameters);
        Assert.That(
            LastDeclared()!.ToJsonString(),
            Is.EqualTo("""{"elicitation":{},"extensions":{"io.modelcontextprotocol/ui":{}},"roots":{},"sampling":{"tools":{}}}"""));
    }

    [Test]
    public async Task Legacy_client_that_can_be_asked_gets_the_legacy_era()
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice, Asks);
        await client.CallAsync("test_simple_text");
        var call = _server.Calls("tools/call")[^1];
        Assert.That(call.Header("Mcp-Session-Id"), Is.Not.Null);
        Assert.That(call.Header("MCP-Protocol-Version"), Is.EqualTo("2025-11-25"));
        Assert.That(_server.Calls("initialize")[^1].Json.GetProperty("params").GetProperty("capabilities").GetRawText(), Is.EqualTo("""{"elicitation":{"form":{}}}"""));
        Assert.That(LastDeclared(), Is.Null);
    }

    [TestCase("{}")]
    [TestCase("""{"extensions":{"io.modelcontextprotocol/ui":{}}}""")]
    [TestCase(null)]
    public async Task Legacy_client_that_can_be_asked_nothing_gets_the_newest_and_declares_nothing(string? capabilities)
    {
        if (capabilities is null)
            await _alice.CallAsync("test_simple_text", modern: false);
        else
            await (await LegacyClient.OpenAsync(_gateway, _alice, capabilities)).CallAsync("test_simple_text");
        Assert.That(_server.Calls("tools/call")[^1].Header("MCP-Protocol-Version"), Is.EqualTo("2026-07-28"));
        Assert.That(LastDeclared()!.ToJsonString(), Is.EqualTo("{}"));
    }

    [Test]
    public async Task Gateway_advertises_what_it_relays([Values] bool modern)
    {
        var reply = modern
            ? await _alice.ModernAsync("server/discover")
            : await _alice.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject() });
        Assert.That(
            reply.Result["capabilities"]!.ToJsonString(),
            Is.EqualTo("""{"tools":{"listChanged":true},"prompts":{"listChanged":true},"resources":{"subscribe":true,"listChanged":true},"completions":{},"logging":{}}"""));
    }

    private JsonNode? LastDeclared() => JsonNode.Parse(_server.Calls("tools/call")[^1].Body)!["params"]!["_meta"]?[MetaCapabilities];
}
