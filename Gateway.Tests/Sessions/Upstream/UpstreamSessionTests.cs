using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Sessions.Upstream;

/// <summary>Sessions at a legacy server behind the gateway: what they declare, who shares them, when they end.</summary>
internal sealed class UpstreamSessionTests
{
    private const string Elicitation = """{"elicitation":{"form":{}}}""";

    private NativeServer _server = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private int _before;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, url: "{{_server.Url}}", timeout: 5s, idleTimeout: 5s }
            """);
    }

    /// <summary>A client of her own for each test, and so sessions of its own.</summary>
    [SetUp]
    public async Task SignInAsync()
    {
        _server.Intercept = null;
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:native");
        _before = _server.Requests.Count;
    }

    [TearDown]
    public void SignOut() => _alice.Dispose();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [TestCase("""{"elicitation":{"url":{},"form":{}},"sampling":{"tools":{}},"roots":{"listChanged":true},"experimental":{"x":{}}}""", """{"elicitation":{"form":{},"url":{}},"roots":{},"sampling":{"tools":{}}}""")]
    [TestCase("""{}""", """{}""")]
    public async Task Handshake_declares_what_the_client_declared_and_the_gateway_relays(string declared, string expected)
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice, declared);
        Assert.That((await client.CallAsync("native_item_01")).Text, Is.EqualTo("item_01"));
        Assert.That(Declared().Single(), Is.EqualTo(expected));
    }

    [Test]
    public async Task Caller_who_can_be_asked_nothing_declares_nothing([Values] bool modern)
    {
        var parameters = new JsonObject { ["name"] = "native_item_01", ["arguments"] = new JsonObject() };
        if (modern)
        {
            parameters["_meta"] = new JsonObject { ["io.modelcontextprotocol/clientCapabilities"] = JsonNode.Parse(Elicitation) };
            await _alice.ModernAsync("tools/call", parameters);
        }
        else
        {
            await _alice.LegacyAsync("tools/call", parameters);
        }

        Assert.That(Declared().Single(), Is.EqualTo("{}"));
    }

    [Test]
    public async Task Sessions_of_one_client_share_one_upstream_for_each_set_of_capabilities()
    {
        foreach (var capabilities in new[] { "{}", Elicitation, "{}", Elicitation })
            await (await LegacyClient.OpenAsync(_gateway, _alice, capabilities)).CallAsync("native_item_01");
        Assert.That(Declared(), Is.EquivalentTo(new[] { "{}", Elicitation }));
        Assert.That(SessionsOf("tools/call").Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Sessions_abandoned_by_the_dozen_leave_one_upstream()
    {
        for (var number = 0; number < 40; number++)
            await (await LegacyClient.OpenAsync(_gateway, _alice, Elicitation)).CallAsync("native_item_01");
        Assert.That(Declared(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Session_that_never_calls_opens_nothing()
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice, Elicitation);
        await client.SendAsync("tools/list");
        Assert.That(await client.EndAsync(), Is.EqualTo(204));
        Assert.That(Since(), Is.Empty);
    }

    [Test]
    public async Task End_of_the_last_session_ends_the_upstream_with_the_callers_credential()
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice, Elicitation);
        await client.CallAsync("native_item_01");
        Assert.That(await client.EndAsync(), Is.EqualTo(204));
        Assert.That(await Eventually.HoldsAsync(() => Deletes().Count == 1));
        var delete = Deletes().Single();
        Assert.That(delete.Header("Mcp-Session-Id"), Is.EqualTo(SessionsOf("tools/call").Single()));
        Assert.That(delete.Token!.Subject, Does.StartWith("p_"));
        Assert.That(delete.Bearer, Is.Not.EqualTo(_alice.AccessToken));

        await (await LegacyClient.OpenAsync(_gateway, _alice, Elicitation)).CallAsync("native_item_01");
        Assert.That(Declared(), Has.Count.EqualTo(2), "a later session opens its own");
    }

    [Test]
    public async Task End_of_one_session_leaves_the_upstream_to_the_other()
    {
        var first = await LegacyClient.OpenAsync(_gateway, _alice);
        var second = await LegacyClient.OpenAsync(_gateway, _alice);
        await first.CallAsync("native_item_01");
        Assert.That(await first.EndAsync(), Is.EqualTo(204));
        Assert.That((await second.CallAsync("native_item_01")).Text, Is.EqualTo("item_01"));
        Assert.That(Declared(), Has.Count.EqualTo(1));
        Assert.That(Deletes(), Is.Empty);
        Assert.That(await second.EndAsync(), Is.EqualTo(204));
        Assert.That(await Eventually.HoldsAsync(() => Deletes().Count == 1));
    }

    [Test]
    public async Task Another_persons_end_of_a_session_ends_nothing()
    {
        using var mallory = await TestPerson.SignInAsync(_gateway, "mallory@example.com", "mcp:native");
        var client = await LegacyClient.OpenAsync(_gateway, _alice);
        await client.CallAsync("native_item_01");
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(_gateway.McpUrl));
        request.Headers.Add("Mcp-Session-Id", client.Session);
        using var answer = await mallory.Http.SendAsync(request);
        Assert.That((int)answer.StatusCode, Is.EqualTo(404));
        Assert.That((await client.CallAsync("native_item_01")).Text, Is.EqualTo("item_01"));
        Assert.That(Deletes(), Is.Empty);
    }

    [Test]
    public async Task Server_that_hangs_at_the_end_of_a_session_delays_nobody()
    {
        var client = await LegacyClient.OpenAsync(_gateway, _alice);
        await client.CallAsync("native_item_01");
        var hanging = new TaskCompletionSource();
        _server.Intercept = async (context, next) =>
        {
            if (HttpMethods.IsDelete(context.Request.Method))
                await hanging.Task;
            await next();
        };
        Assert.That(await client.EndAsync(), Is.EqualTo(204));
        Assert.That(await Eventually.HoldsAsync(() => Deletes().Count == 1));
        hanging.SetResult();
    }

    private IEnumerable<CapturedRequest> Since() => _server.Requests.Skip(_before);

    /// <summary>The capabilities of each handshake.</summary>
    private IReadOnlyList<string> Declared() =>
        [.. Since().Where(request => request.RpcMethod == "initialize").Select(request => request.Json.GetProperty("params").GetProperty("capabilities").GetRawText())];

    private IReadOnlyList<string?> SessionsOf(string method) =>
        [.. Since().Where(request => request.RpcMethod == method).Select(request => request.Header("Mcp-Session-Id"))];

    private IReadOnlyList<CapturedRequest> Deletes() => [.. Since().Where(request => request.Method == "DELETE")];
}
