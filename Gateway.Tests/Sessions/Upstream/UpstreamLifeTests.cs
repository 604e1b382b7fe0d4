using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Credentials;
using Cortex.Sessions;
using Cortex.Sessions.Upstream;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Sessions.Upstream;

/// <summary>Sessions at legacy servers when time passes, destinations die and replicas race.</summary>
internal sealed class UpstreamLifeTests
{
    private static readonly Caller Alice = new(null, "alice", "https://issuer", "id", "hash", ScopeSet.Empty, ScopeSet.Empty, null, DateTimeOffset.MaxValue);

    [Test]
    public async Task Session_in_use_outlives_its_lifetime_and_one_left_alone_is_forgotten()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var gateway = await StartAsync(server.Url);
        var clock = new FakeTimeProvider();
        await using var state = new InProcessSharedState(clock, NullLogger<InProcessSharedState>.Instance);
        var sessions = Replica(gateway, clock, state);
        var first = await GetAsync(gateway, sessions);
        for (var minutes = 0; minutes < 180; minutes += 30)
        {
            clock.Advance(TimeSpan.FromMinutes(30));
            Assert.That((await GetAsync(gateway, sessions)).SessionId, Is.EqualTo(first.SessionId));
        }

        clock.Advance(UpstreamSessionStore.Lifetime);
        Assert.That((await GetAsync(gateway, sessions)).SessionId, Is.Not.EqualTo(first.SessionId));
    }

    [Test]
    public async Task Two_replicas_that_open_at_once_keep_one_session_and_end_the_other()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var gateway = await StartAsync(server.Url);
        var before = server.Calls("initialize").Count;
        var both = new TaskCompletionSource();
        server.Intercept = async (_, next) =>
        {
            if (server.Calls("initialize").Count >= before + 2)
                both.TrySetResult();
            await both.Task.WaitAsync(TimeSpan.FromSeconds(4));
            await next();
        };
        var opened = await Task.WhenAll(GetAsync(gateway, Replica(gateway)), GetAsync(gateway, Replica(gateway)));
        server.Intercept = null;
        Assert.That(opened[0].SessionId, Is.EqualTo(opened[1].SessionId));
        var surplus = server.Calls("notifications/initialized").Skip(before).Select(request => request.Header("Mcp-Session-Id")).Single(id => id != opened[0].SessionId);
        Assert.That(await Eventually.HoldsAsync(() => server.Requests.Any(request => request.Method == "DELETE" && request.Header("Mcp-Session-Id") == surplus)));
        Assert.That((await GetAsync(gateway, Replica(gateway))).SessionId, Is.EqualTo(opened[0].SessionId));
    }

    [Test]
    public async Task Calls_of_one_replica_share_one_handshake()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var gateway = await StartAsync(server.Url);
        var before = server.Calls("initialize").Count;
        var sessions = Replica(gateway);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(gateway, sessions)));
        Assert.That(server.Calls("initialize"), Has.Count.EqualTo(before + 1));
    }

    [Test]
    public async Task Word_that_a_session_was_lost_does_not_touch_the_one_in_its_place()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var gateway = await StartAsync(server.Url);
        var sessions = Replica(gateway);
        var lost = await GetAsync(gateway, sessions);
        await sessions.ForgetAsync(Alice, Backend(gateway), ClientCapabilities.None, lost, default);
        var next = await GetAsync(gateway, sessions);
        await sessions.ForgetAsync(Alice, Backend(gateway), ClientCapabilities.None, lost, default);
        Assert.That((await GetAsync(gateway, sessions)).SessionId, Is.EqualTo(next.SessionId).And.Not.EqualTo(lost.SessionId));
    }

    [Test]
    public async Task Session_at_a_dead_destination_is_opened_at_the_other_within_the_same_call()
    {
        var servers = new[] { await NativeServer.StartAsync(NativeEra.LegacyStateful), await NativeServer.StartAsync(NativeEra.LegacyStateful) };
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, destinations: ["http://127.0.0.1:{{servers[0].Port}}", "http://127.0.0.1:{{servers[1].Port}}"], path: /mcp, timeout: 5s }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:native");
        Assert.That((await alice.CallAsync("native_item_01")).Text, Is.EqualTo("item_01"));
        var holder = Array.FindIndex(servers, server => server.Calls("tools/call").Count > 0);
        await servers[holder].DisposeAsync();
        for (var call = 0; call < 3; call++)
            Assert.That((await alice.CallAsync("native_item_01")).Text, Is.EqualTo("item_01"));
        Assert.That(servers[1 - holder].Calls("initialize").Count(request => request.Token?.Subject.StartsWith("p_", StringComparison.Ordinal) == true), Is.EqualTo(1));
        await servers[1 - holder].DisposeAsync();
    }

    [Test]
    public async Task Session_at_an_address_that_is_configured_no_more_is_opened_at_the_new_one()
    {
        await using var first = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var second = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var gateway = await StartAsync(first.Url);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:native");
        await alice.CallAsync("native_item_01");
        var old = first.Calls("tools/call").Single().Header("Mcp-Session-Id");
        await File.WriteAllTextAsync(gateway.ConfigFile, Yaml(second.Url));
        Assert.That(await Eventually.HoldsAsync(() => gateway.Get<BackendRegistry>().Current.All.Single().Destinations.Single().Port == second.Port));
        Assert.That(await Eventually.HoldsAsync(() => second.Calls("tools/list").Count > 0));
        Assert.That((await alice.CallAsync("native_item_01")).Text, Is.EqualTo("item_01"));
        Assert.That(second.Requests.Select(request => request.Header("Mcp-Session-Id")), Has.No.Member(old), "the id of a session is told to nobody but the server that gave it");
    }

    [Test]
    public async Task Level_that_two_replicas_tell_at_once_ends_as_the_more_talkative_one()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var gateway = await StartAsync(server.Url);
        await GetAsync(gateway, Replica(gateway));
        await Task.WhenAll(
            GetAsync(gateway, Replica(gateway), McpLogLevel.Debug),
            GetAsync(gateway, Replica(gateway), McpLogLevel.Error),
            GetAsync(gateway, Replica(gateway), McpLogLevel.Info));
        Assert.That((await GetAsync(gateway, Replica(gateway))).Level, Is.EqualTo(McpLogLevel.Debug));
        Assert.That((string?)JsonNode.Parse(server.Calls("logging/setLevel")[^1].Body)!["params"]!["level"], Is.EqualTo("debug"));
    }

    private static string Yaml(string url) => $$"""
        backends:
          native: { kind: mcp, url: "{{url}}", timeout: 5s, auth: none }
        """;

    private static Task<GatewayHost> StartAsync(string url) => GatewayHost.StartAsync(Yaml(url));

    private static BackendDefinition Backend(GatewayHost gateway) => gateway.Get<BackendRegistry>().Current.Find(BackendId.Parse("native"))!;

    /// <summary>The sessions as another replica has them: the shared state is all they share.</summary>
    private static UpstreamSessions Replica(GatewayHost gateway) => ActivatorUtilities.CreateInstance<UpstreamSessions>(gateway.App.Services);

    private static UpstreamSessions Replica(GatewayHost gateway, FakeTimeProvider clock, ISharedState state)
    {
        var services = gateway.App.Services;
        return ActivatorUtilities.CreateInstance<UpstreamSessions>(
            services, ActivatorUtilities.CreateInstance<UpstreamSessionStore>(services, state), ActivatorUtilities.CreateInstance<UpstreamHandshake>(services, clock), clock);
    }

    private static async Task<UpstreamSession> GetAsync(GatewayHost gateway, UpstreamSessions sessions, McpLogLevel? level = null)
    {
        var result = await sessions.GetAsync(Alice, Backend(gateway), ClientCapabilities.None, level, CredentialResult.Granted.Nothing, default);
        return result is UpstreamSessionResult.Ready ready ? ready.Session : throw new InvalidOperationException(result.ToString());
    }
}
