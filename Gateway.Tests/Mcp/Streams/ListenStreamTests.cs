using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Cortex.Mcp.Streams;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Streams;

/// <summary><c>subscriptions/listen</c>. <see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions"/></summary>
internal sealed class ListenStreamTests
{
    private const string SubscriptionId = "io.modelcontextprotocol/subscriptionId";

    private ConformanceServer _server = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private TestPerson _bob = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ConformanceServer.StartAsync();
        _gateway = await GatewayHost.StartAsync($$"""
            gateway: { streams: { writeTimeout: 1s, keepAlive: 1s } }
            backends:
              test: { kind: mcp, url: "{{_server.Url}}" }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:test");
        _bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "offline_access");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task First_message_acknowledges_what_is_granted_under_the_requests_id([Values] bool isNumber)
    {
        JsonNode Id() => isNumber ? 7 : "s\"1";
        var asked = new JsonObject
        {
            ["toolsListChanged"] = true,
            ["promptsListChanged"] = false,
            ["future"] = new JsonArray(1),
            ["resourceSubscriptions"] = new JsonArray(FixtureResources.Watched, "nowhere://at-all"),
        };
        await using var stream = await TestStream.ListenAsync(_alice, _gateway, asked, Id());
        var first = stream.Events[0].Message!;
        Assert.That((string)first["method"]!, Is.EqualTo("notifications/subscriptions/acknowledged"));
        Assert.That(JsonNode.DeepEquals(first["params"]!["_meta"]![SubscriptionId], Id()));
        Assert.That(first["params"]!["notifications"]!.ToJsonString(), Is.EqualTo($$"""{"toolsListChanged":true,"resourceSubscriptions":["{{FixtureResources.Watched}}"]}"""));
        Assert.That(stream.Events[0].Id, Is.Null, "events can't be resumed in this era");
        await stream.UntilAsync(() => stream.Comments.Contains("keep-alive"));
    }

    [Test]
    public async Task Caller_without_the_scope_is_granted_no_resource()
    {
        await using var stream = await TestStream.ListenAsync(_bob, _gateway, new JsonObject { ["resourceSubscriptions"] = new JsonArray(FixtureResources.Watched) });
        Assert.That(stream.Events[0].Message!["params"]!["notifications"]!.ToJsonString(), Is.EqualTo("{}"));
    }

    [Test]
    public async Task Announced_change_is_told_soon_and_under_the_requests_id_to_those_it_concerns()
    {
        await using var alices = await TestStream.ListenAsync(_alice, _gateway, new JsonObject { ["promptsListChanged"] = true });
        await using var bobs = await TestStream.ListenAsync(_bob, _gateway, new JsonObject { ["promptsListChanged"] = true, ["toolsListChanged"] = true });
        _server.Lists.ChangePrompts();
        await alices.UntilAsync("notifications/prompts/list_changed");
        _server.Lists.ChangeTools();
        _server.Lists.ChangePrompts();
        await alices.UntilAsync("notifications/prompts/list_changed", 2);
        Assert.That(alices.Events.Select(item => (string)item.Message!["params"]!["_meta"]![SubscriptionId]!), Is.All.EqualTo("sub-1"));
        Assert.That(alices.Methods, Has.No.Member("notifications/tools/list_changed"), "it was not asked for");
        Assert.That(bobs.Methods, Has.Exactly(1).Items, "the acknowledgement alone");
    }

    [TestCase("""[]""")]
    [TestCase("""{"toolsListChanged":"yes"}""")]
    [TestCase("""{"resourceSubscriptions":"test://x"}""")]
    [TestCase("""{"resourceSubscriptions":[1]}""")]
    [TestCase("""null""")]
    public async Task Malformed_filter_is_refused(string notifications)
    {
        var reply = await _alice.ModernAsync("subscriptions/listen", new JsonObject { ["notifications"] = JsonNode.Parse(notifications) });
        Assert.That(reply.ErrorCode, Is.EqualTo(-32602));
        Assert.That((string)reply.Error["message"]!, Does.Contain("params.notifications"));
    }

    [Test]
    public async Task Client_that_does_not_read_is_dropped_and_counted()
    {
        using var dropped = new DroppedStreams();
        var uris = Enumerable.Range(0, 200).Select(i => $"test://template/{new string('a', 1900)}{i}/data").ToList();
        using var socket = await ListenAndNeverReadAsync(uris);
        await UntilAsync(() => _server.Calls("subscriptions/listen").Any(call => call.Body.Contains(uris[199], StringComparison.Ordinal)));
        await UntilAsync(async () =>
        {
            foreach (var uri in uris)
                await _server.Subscriptions.UpdateAsync(uri);
            return dropped.Count("slow_reader") > 0;
        });
        await using var other = await TestStream.ListenAsync(_alice, _gateway, new JsonObject());
        Assert.That(other.Status, Is.EqualTo(200));
    }

    [Test]
    public void Client_that_lets_too_many_resources_come_together_is_dropped()
    {
        var pending = new PendingChanges();
        for (var i = 0; i < PendingChanges.MaxUris; i++)
            pending.Add($"test://{i}");
        pending.Add("test://0");
        Assert.That(pending.Take().End, Is.Null);
        for (var i = 0; i <= PendingChanges.MaxUris; i++)
            pending.Add($"test://{i}");
        Assert.That(pending.Take().End, Is.EqualTo(StreamEnd.SlowReader));
    }

    private async Task<Socket> ListenAndNeverReadAsync(List<string> uris)
    {
        var filter = new JsonObject { ["resourceSubscriptions"] = new JsonArray([.. uris.Select(uri => (JsonNode)uri)]) };
        var body = Encoding.UTF8.GetBytes(
            $$$$"""{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}},"notifications":{{{{filter.ToJsonString()}}}}}}""");
        var head = Encoding.ASCII.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: {new Uri(_gateway.Url).Authority}\r\nAuthorization: Bearer {_alice.AccessToken}\r\nContent-Type: application/json\r\n"
            + $"Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen\r\nContent-Length: {body.Length}\r\n\r\n");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync("localhost", new Uri(_gateway.Url).Port);
        await socket.SendAsync(head);
        await socket.SendAsync(body);
        var start = new byte[1000];
        var read = await socket.ReceiveAsync(start);
        Assert.That(Encoding.ASCII.GetString(start, 0, read), Does.StartWith("HTTP/1.1 200").And.Contain("text/event-stream"));
        return socket;
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }
}
