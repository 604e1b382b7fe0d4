using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;

namespace Cortex.Tests.Clients;

/// <summary>
/// Where a real client of one era plays: the gateway in front of a native server of that era, a person with a token, and between client and
/// gateway a proxy whose connections can be cut.
/// </summary>
internal sealed class EraStage : IAsyncDisposable
{
    public const string Legacy = "2025-11-25";
    public const string Modern = "2026-07-28";

    /// <summary>The tool that <see cref="FixtureLists.ChangeTools"/> adds and takes away.</summary>
    public const string ExtraTool = "test_extra_tool";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GatewayHost _gateway;

    private EraStage(string version, ConformanceServer server, CuttableProxy proxy, GatewayHost gateway, TestPerson person)
    {
        Version = version;
        Server = server;
        Proxy = proxy;
        _gateway = gateway;
        Person = person;
    }

    /// <summary>The revision that the client is to speak.</summary>
    public string Version { get; }

    public bool IsModern => Version == Modern;

    public ConformanceServer Server { get; }

    public HeldCalls HeldCalls => Server.Lists.HeldCalls;

    public CuttableProxy Proxy { get; }

    public TestPerson Person { get; }

    /// <summary>The MCP endpoint as clients know it.</summary>
    public string Url => _gateway.McpUrl;

    public static async Task<EraStage> StartAsync(string version)
    {
        var server = await ConformanceServer.StartAsync(dropsPrefix: true, refusesModern: version != Modern);
        var proxy = new CuttableProxy();
        var gateway = await GatewayHost.StartAsync($$"""backends: { test: { kind: mcp, url: "{{server.Url}}" } }""", publicUrl: proxy.Url);
        proxy.Reach(new Uri(gateway.ListensAt).Port);
        var person = await TestPerson.SignInAsync(gateway, "ada@example.com", "mcp:test");
        var stage = new EraStage(version, server, proxy, gateway, person);
        await stage.AwaitWatchAsync();
        return stage;
    }

    public async ValueTask DisposeAsync()
    {
        Person.Dispose();
        await _gateway.DisposeAsync();
        await Proxy.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>Waits until the gateway notices what the server announces: it listens a moment after it has read the lists.</summary>
    private async Task AwaitWatchAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        foreach (var isThere in new[] { true, false })
        {
            Server.Lists.ChangeTools();
            for (var look = 1; await SeesExtraToolAsync() != isThere; look++)
            {
                await Task.Delay(50, deadline.Token);
                if (look % 10 != 0)
                    continue;
                Server.Lists.ChangeTools();
                Server.Lists.ChangeTools();
            }
        }
    }

    private async Task<bool> SeesExtraToolAsync() =>
        (await Person.ModernAsync("tools/list", new JsonObject())).ToolNames.Contains(ExtraTool);
}
