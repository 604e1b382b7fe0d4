using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;

namespace Cortex.Tests.Conformance;

/// <summary>
/// The gateway in front of the suite's fixture, in company: a second fixture with the same names and URIs, the demo backend, and a backend that
/// the token does not reach.
/// </summary>
internal sealed class GatewaySetup : IAsyncDisposable
{
    /// <summary>The fixture's names reach the client as they are: <c>prefix: ""</c>.</summary>
    public const string Plain = "plain";

    /// <summary>The fixture lists its names without <c>test_</c>, and the gateway puts it back: <c>prefix: test</c>.</summary>
    public const string Prefixed = "prefixed";

    public const string Audience = "https://suite.example.com";
    public const string Scope = "mcp:suite";

    private GatewaySetup(ConformanceServer fixture, ConformanceServer second, CaptureBackend closed, GatewayHost gateway, TestPerson person)
    {
        Fixture = fixture;
        Second = second;
        Closed = closed;
        Gateway = gateway;
        Person = person;
    }

    public ConformanceServer Fixture { get; }

    /// <summary>Has everything that <see cref="Fixture"/> has.</summary>
    public ConformanceServer Second { get; }

    /// <summary>Needs a scope that the token does not have.</summary>
    public CaptureBackend Closed { get; }

    public GatewayHost Gateway { get; }

    public TestPerson Person { get; }

    public static async Task<GatewaySetup> StartAsync(string setup)
    {
        var fixture = await ConformanceServer.StartAsync(dropsPrefix: setup == Prefixed);
        var second = await ConformanceServer.StartAsync();
        var closed = await CaptureBackend.StartAsync();
        closed.ListTools(CaptureBackend.Tool("secret", "mcp:closed:read"));
        var gateway = await GatewayHost.StartAsync($$"""
            backends:
              suite: { kind: mcp, url: "{{fixture.Url}}", prefix: "{{(setup == Prefixed ? "test" : "")}}", audience: "{{Audience}}" }
              second: { kind: mcp, url: "{{second.Url}}" }
              closed: { url: "{{closed.Url}}" }
              notes: { url: "http://127.0.0.1:{{ServerProcess.FreePort()}}", demo: true }
            """, builtins: true);
        var person = await TestPerson.SignInAsync(gateway, "alice@example.com", $"{Scope} mcp:second mcp:notes:read mcp:notes:write");
        return new GatewaySetup(fixture, second, closed, gateway, person);
    }

    public async ValueTask DisposeAsync()
    {
        Person.Dispose();
        await Gateway.DisposeAsync();
        await Fixture.DisposeAsync();
        await Second.DisposeAsync();
        await Closed.DisposeAsync();
    }
}
