using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Streams;

/// <summary>Updates of resources, from servers of both eras to clients of both eras.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class ResourceUpdateTests(bool isServerModern)
{
    private const string Updated = "notifications/resources/updated";

    private ConformanceServer _server = null!;
    private NativeServer _mute = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private TestPerson _bob = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ConformanceServer.StartAsync(refusesModern: !isServerModern);
        _mute = await NativeServer.StartAsync(NativeEra.LegacyStateless);
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              test: { kind: mcp, url: "{{_server.Url}}" }
              mute: { kind: mcp, url: "{{_mute.Url}}" }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:test");
        _bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:mute");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _gateway.DisposeAsync();
        await _mute.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Update_of_a_watched_resource_reaches_a_modern_client()
    {
        await using var stream = await TestStream.ListenAsync(_alice, _gateway, new JsonObject { ["resourceSubscriptions"] = new JsonArray(FixtureResources.Watched) });
        Assert.That(stream.Events[0].Message!["params"]!["notifications"]!["resourceSubscriptions"]!.AsArray(), Has.Count.EqualTo(1));
        await UpdateUntilHeardAsync(stream, FixtureResources.Watched);
        Assert.That((string)stream.Events[^1].Message!["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!, Is.EqualTo("sub-1"));
    }

    [Test]
    public async Task Update_reaches_a_legacy_client_that_subscribed_before_or_after_it_opened_its_stream_until_it_unsubscribes()
    {
        var session = await SessionStreamTests.OpenSessionAsync(_alice);
        Assert.That((await SubscribeAsync("resources/subscribe", session, FixtureResources.Watched)).Result, Is.Empty);
        await using var stream = await TestStream.GetAsync(_alice, _gateway, session);
        await UpdateUntilHeardAsync(stream, FixtureResources.Watched);
        Assert.That((await SubscribeAsync("resources/subscribe", session, "test://template/1/data")).Result, Is.Empty);
        await UpdateUntilHeardAsync(stream, "test://template/1/data");
        Assert.That((await SubscribeAsync("resources/unsubscribe", session, FixtureResources.Watched)).Result, Is.Empty);
        Assert.That((await SubscribeAsync("resources/unsubscribe", session, FixtureResources.Watched)).Result, Is.Empty);
        await UpdateUntilHeardAsync(stream, "test://template/1/data");
    }

    [Test]
    public async Task Resumed_stream_reports_what_it_watches_as_updated()
    {
        var session = await SessionStreamTests.OpenSessionAsync(_alice);
        await SubscribeAsync("resources/subscribe", session, FixtureResources.Watched);
        string id;
        await using (var first = await TestStream.GetAsync(_alice, _gateway, session))
        {
            await first.UntilAsync(() => first.Events.Count > 0);
            id = first.Events[0].Id!;
        }

        await using var again = await TestStream.GetAsync(_alice, _gateway, session, id);
        await again.UntilAsync(() => Heard(again, FixtureResources.Watched));
    }

    [Test]
    public async Task Subscription_needs_a_session_a_resource_and_a_scope()
    {
        var session = await SessionStreamTests.OpenSessionAsync(_alice);
        var bobs = await SessionStreamTests.OpenSessionAsync(_bob);
        var stateless = await SubscribeAsync("resources/subscribe", null, FixtureResources.Watched);
        Assert.That((stateless.Status, stateless.ErrorCode), Is.EqualTo((400, -32600)));
        Assert.That((string)stateless.Error["message"]!, Does.Contain("initialize"));
        Assert.That((await SubscribeAsync("resources/subscribe", session, "nowhere://at-all")).ErrorCode, Is.EqualTo(-32002));
        var challenged = await _bob.LegacyAsync("resources/subscribe", new JsonObject { ["uri"] = FixtureResources.Watched }, bobs);
        Assert.That(challenged.Status, Is.EqualTo(403));
        Assert.That(challenged.Headers["WWW-Authenticate"], Does.Contain("mcp:test"));
    }

    private Task<McpReply> SubscribeAsync(string method, string? session, string uri) => _alice.LegacyAsync(method, new JsonObject { ["uri"] = uri }, session);

    /// <summary>The server is told of a subscription a moment after the client's is accepted.</summary>
    private async Task UpdateUntilHeardAsync(TestStream stream, string uri)
    {
        var before = stream.Events.Count(item => IsUpdate(item, uri));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (stream.Events.Count(item => IsUpdate(item, uri)) == before)
        {
            await _server.Subscriptions.UpdateAsync(uri, deadline.Token);
            await Task.Delay(50, deadline.Token);
        }
    }

    private static bool Heard(TestStream stream, string uri) => stream.Events.Any(item => IsUpdate(item, uri));

    private static bool IsUpdate(TestEvent item, string uri) => (string?)item.Message?["method"] == Updated && (string?)item.Message["params"]!["uri"] == uri;
}
