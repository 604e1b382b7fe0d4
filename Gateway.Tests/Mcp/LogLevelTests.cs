using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary><c>logging/setLevel</c> of clients, and what servers of either era are told.</summary>
internal sealed class LogLevelTests
{
    private const string MetaLevel = "io.modelcontextprotocol/logLevel";

    private NativeServer _legacy = null!;
    private NativeServer _modern = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private int _before;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _legacy = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        _modern = await NativeServer.StartAsync(NativeEra.Modern);
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              legacy: { kind: mcp, url: "{{_legacy.Url}}", timeout: 5s }
              modern: { kind: mcp, url: "{{_modern.Url}}", timeout: 5s }
            """);
    }

    [SetUp]
    public async Task SignInAsync()
    {
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:legacy mcp:modern");
        _before = _legacy.Requests.Count;
    }

    [TearDown]
    public void SignOut() => _alice.Dispose();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _legacy.DisposeAsync();
        await _modern.DisposeAsync();
    }

    [TestCase("\"loud\"")]
    [TestCase("3")]
    [TestCase("null")]
    [TestCase(null)]
    public async Task Level_that_is_none_is_refused(string? level)
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice);
        var reply = await client.SendAsync("logging/setLevel", level is null ? [] : new JsonObject { ["level"] = JsonNode.Parse(level) });
        Assert.That(reply.ErrorCode, Is.EqualTo(-32602));
        Assert.That((string)reply.Error["message"]!, Does.Contain("debug").And.Contain("emergency"));
    }

    [Test]
    public async Task Without_a_session_the_answer_is_empty_and_has_no_effect()
    {
        var reply = await _alice.LegacyAsync("logging/setLevel", new JsonObject { ["level"] = "debug" });
        Assert.That(reply.Result, Is.Empty);
        await _alice.CallAsync("legacy_item_01", modern: false);
        Assert.That(Told(), Is.Empty);
    }

    [Test]
    public async Task Modern_client_has_no_such_method()
    {
        var reply = await _alice.ModernAsync("logging/setLevel", new JsonObject { ["level"] = "debug" });
        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((404, -32601)));
    }

    [Test]
    public async Task Legacy_server_is_told_before_the_call_and_once_more_when_more_is_wanted()
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice);
        await client.CallAsync("legacy_item_01");
        Assert.That(Told(), Is.Empty, "nobody asked for a level");
        foreach (var level in new[] { "warning", "error", "info", "info" })
        {
            Assert.That((await SetAsync(client, level)).Result, Is.Empty);
            Assert.That((await client.CallAsync("legacy_item_01")).Text, Is.EqualTo("item_01"));
        }

        Assert.That(Told(), Is.EqualTo(new[] { "warning", "info" }));
        Assert.That(_legacy.Requests[^1].RpcMethod, Is.EqualTo("tools/call"));
        Assert.That(_legacy.Requests.Skip(_before).Count(request => request.RpcMethod == "initialize"), Is.EqualTo(1));
    }

    [Test]
    public async Task Legacy_server_is_told_the_level_of_a_modern_request()
    {
        await _alice.ModernAsync("tools/call", Call("legacy_item_01", "notice"));
        Assert.That(Told(), Is.EqualTo(new[] { "notice" }));
    }

    [Test]
    public async Task Modern_server_gets_the_level_of_the_session_with_each_call()
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice);
        await client.CallAsync("modern_item_01");
        Assert.That(Meta(_modern)[MetaLevel], Is.Null);
        await SetAsync(client, "critical");
        Assert.That((await client.CallAsync("modern_item_01")).Text, Is.EqualTo("item_01"));
        Assert.That((string?)Meta(_modern)[MetaLevel], Is.EqualTo("critical"));
        await client.SendAsync("tools/call", new JsonObject { ["name"] = "modern_item_01", ["_meta"] = new JsonObject { ["k"] = 1, [MetaLevel] = "debug" } });
        Assert.That((string?)Meta(_modern)[MetaLevel], Is.EqualTo("critical"));
        Assert.That((int?)Meta(_modern)["k"], Is.EqualTo(1));
    }

    [Test]
    public async Task Modern_server_gets_the_level_of_a_modern_request_as_it_is()
    {
        await _alice.ModernAsync("tools/call", Call("modern_item_01", "alert"));
        Assert.That((string?)Meta(_modern)[MetaLevel], Is.EqualTo("alert"));
    }

    [Test]
    public async Task Server_that_logs_nothing_is_told_nothing()
    {
        _legacy.Intercept = async (context, next) =>
        {
            if (_legacy.Requests[^1].RpcMethod != "initialize")
            {
                await next();
                return;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"jsonrpc":"2.0","id":"cortex-initialize","result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}}""");
        };
        var client = await LegacyClient.OpenAsync(_gateway, _alice);
        await SetAsync(client, "debug");
        await client.CallAsync("legacy_item_01");
        _legacy.Intercept = null;
        Assert.That(Told(), Is.Empty);
    }

    [Test]
    public async Task Server_that_refuses_the_level_still_gets_the_call()
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice);
        await SetAsync(client, "debug");
        _legacy.Intercept = (context, next) =>
        {
            if (_legacy.Requests[^1].RpcMethod != "logging/setLevel")
                return next();
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        Assert.That((await client.CallAsync("legacy_item_01")).Text, Is.EqualTo("item_01"));
        Assert.That((await client.CallAsync("legacy_item_01")).Text, Is.EqualTo("item_01"));
        _legacy.Intercept = null;
        Assert.That(Told(), Has.Count.EqualTo(1), "a server that says no is not asked again");
    }

    private static Task<McpReply> SetAsync(LegacyClient client, string level) => client.SendAsync("logging/setLevel", new JsonObject { ["level"] = level });

    private static JsonObject Call(string tool, string level) => new() { ["name"] = tool, ["_meta"] = new JsonObject { [MetaLevel] = level } };

    private static JsonObject Meta(NativeServer server) => JsonNode.Parse(server.Calls("tools/call")[^1].Body)!["params"]!["_meta"]!.AsObject();

    private IReadOnlyList<string?> Told() =>
        [.. _legacy.Requests.Skip(_before).Where(request => request.RpcMethod == "logging/setLevel").Select(request => request.Json.GetProperty("params").GetProperty("level").GetString())];
}
