using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Streams;

/// <summary>Streams and sessions on several replicas, over PostgreSQL and Redis.</summary>
internal sealed class StreamReplicaTests
{
    private const string ToolsChanged = "notifications/tools/list_changed";

    private TestStorage _storage = null!;
    private ConformanceServer _server = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;
    private TestPerson _alice = null!;
    private TestPerson _there = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        _server = await ConformanceServer.StartAsync();
        var yaml = $$"""
            gateway: { streams: { keepAlive: 1s } }
            backends: { test: { kind: mcp, url: "{{_server.Url}}" } }
            """;
        _first = await GatewayHost.StartAsync(yaml, _storage);
        _second = await GatewayHost.StartAsync(yaml, _storage, publicUrl: _first.Url);
        _alice = await TestPerson.SignInAsync(_first, "alice@example.com", "mcp:test");
        _there = _alice.At(_second);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _there.Dispose();
        _alice.Dispose();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _server.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Test]
    public async Task Stream_is_resumed_at_another_replica_which_tells_what_changed_meanwhile()
    {
        await UntilAsync(async () => await SeesTheListAsync(_alice) && await SeesTheListAsync(_there));
        var session = await SessionStreamTests.OpenSessionAsync(_alice);
        string id;
        await using (var before = await TestStream.GetAsync(_alice, _first, session))
        {
            await before.UntilAsync(() => before.Events.Count > 0);
            id = before.Events[0].Id!;
        }

        _server.Lists.ChangeTools();
        await UntilAsync(() => SeesTheListAsync(_there));
        await using var after = await TestStream.GetAsync(_alice, _second, session, id);
        await after.UntilAsync(ToolsChanged);
        await after.UntilAsync(() => after.Comments.Contains("keep-alive"));
        Assert.That(after.Methods.Where(method => method.Length > 0), Is.EqualTo([ToolsChanged]));
    }

    [Test]
    public async Task Session_that_ends_at_one_replica_ends_its_stream_at_another()
    {
        var session = await SessionStreamTests.OpenSessionAsync(_alice);
        await using var stream = await TestStream.GetAsync(_alice, _first, session);
        await SessionStreamTests.DeleteAsync(_there, session);
        await stream.UntilAsync(() => stream.IsEnded);
        Assert.That(stream.Comments[^1], Does.Contain("session has ended"));
    }

    [Test]
    public async Task Subscription_made_at_one_replica_is_watched_by_that_which_holds_the_stream()
    {
        var session = await SessionStreamTests.OpenSessionAsync(_alice);
        await using var stream = await TestStream.GetAsync(_alice, _first, session);
        await _there.LegacyAsync("resources/subscribe", new JsonObject { ["uri"] = FixtureResources.Watched }, session);
        await UntilAsync(async () =>
        {
            await _server.Subscriptions.UpdateAsync(FixtureResources.Watched);
            return stream.Methods.Contains("notifications/resources/updated");
        });
    }

    [Test]
    public async Task Of_two_streams_at_two_replicas_the_newest_alone_is_told_until_it_closes()
    {
        var session = await SessionStreamTests.OpenSessionAsync(_alice);
        await using var older = await TestStream.GetAsync(_alice, _first, session);
        await older.UntilAsync(() => older.Events.Count > 0);
        await using (var newer = await TestStream.GetAsync(_alice, _second, session))
        {
            await newer.UntilAsync(() => newer.Events.Count > 0);
            await newer.UntilAsync(() => newer.Comments.Count > 0);
            _server.Lists.ChangeTools();
            await newer.UntilAsync(ToolsChanged);
            var heard = newer.Comments.Count;
            await newer.UntilAsync(() => newer.Comments.Count > heard);
            Assert.That(newer.Methods.Count(method => method == ToolsChanged), Is.EqualTo(1));
            Assert.That(older.Methods, Has.No.Member(ToolsChanged));
        }

        await UntilAsync(() =>
        {
            _server.Lists.ChangeTools();
            return Task.FromResult(older.Methods.Contains(ToolsChanged));
        });
    }

    /// <summary>True when the replica lists what the server does.</summary>
    private async Task<bool> SeesTheListAsync(TestPerson person) =>
        (await person.ModernAsync("tools/list")).ToolNames.Contains("test_test_extra_tool") == _server.Lists.Tools.Any(tool => tool.ProtocolTool.Name == "test_extra_tool");

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
            await Task.Delay(300, deadline.Token);
    }
}
