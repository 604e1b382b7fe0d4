using System.Text;
using System.Text.Json.Nodes;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Mcp;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Wire;
using Cortex.Tests.Catalog;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using Cortex.Tests.Foundation.Sealing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>The <c>requestState</c> of modern servers: bound to its person, its backend, its method and its parameters.</summary>
internal sealed class RequestStateTests
{
    private const string Tool = "one_test_input_required_result_request_state";

    private ConformanceServer _server = null!;
    private ConformanceServer _other = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ConformanceServer.StartAsync();
        _other = await ConformanceServer.StartAsync();
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              one: { kind: mcp, url: "{{_server.Url}}" }
              two: { kind: mcp, url: "{{_other.Url}}" }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:one mcp:two");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Test]
    public async Task State_goes_out_sealed_and_comes_back_to_the_server_as_it_was()
    {
        var first = await AskAsync(_alice);
        var sealedState = (string)first.Result["requestState"]!;
        var second = await RetryAsync(_alice, first, sealedState);
        Assert.That((string?)second.Result["resultType"], Is.EqualTo("complete"), second.Body);
        var sent = (string)JsonNode.Parse(_server.Calls("tools/call")[^1].Body)!["params"]!["requestState"]!;
        Assert.That(sent, Is.Not.EqualTo(sealedState));
        Assert.That(sealedState, Does.Not.Contain(sent));
    }

    [Test]
    public async Task Changed_or_invented_state_is_refused_before_the_server_sees_it([Values("changed", "invented", "number")] string kind)
    {
        var first = await AskAsync(_alice);
        var state = (string)first.Result["requestState"]!;
        var calls = _server.Calls("tools/call").Count;
        JsonNode bad = kind switch
        {
            "changed" => state[..^2] + (state[^2] == 'A' ? "B" : "A") + state[^1],
            "invented" => "c3RhdGU",
            _ => 7,
        };
        var reply = await RetryAsync(_alice, first, bad);
        Assert.That(reply.ErrorCode, Is.EqualTo(-32602));
        Assert.That(_server.Calls("tools/call"), Has.Count.EqualTo(calls));
    }

    [Test]
    public async Task State_of_another_person_backend_or_call_is_refused()
    {
        using var mallory = await TestPerson.SignInAsync(_gateway, "mallory@example.com", "mcp:one mcp:two");
        var first = await AskAsync(_alice);
        var state = (string)first.Result["requestState"]!;
        Assert.That((await RetryAsync(mallory, first, state)).ErrorCode, Is.EqualTo(-32602), "another person");
        Assert.That((await RetryAsync(_alice, first, state, tool: Tool.Replace("one_", "two_", StringComparison.Ordinal))).ErrorCode, Is.EqualTo(-32602), "another backend");
        Assert.That((await RetryAsync(_alice, first, state, tool: "one_test_simple_text")).ErrorCode, Is.EqualTo(-32602), "another tool");
        Assert.That((await RetryAsync(_alice, first, state, arguments: new JsonObject { ["x"] = 1 })).ErrorCode, Is.EqualTo(-32602), "other arguments");
    }

    [Test]
    public void Old_state_is_refused()
    {
        var clock = new FakeTimeProvider();
        var states = new RequestStates(TestKeys.Sealer(TestKeys.Key("k", 1)), clock);
        var item = CatalogMerge.Merge([CatalogSamples.Backend("one", CatalogSamples.Item(CatalogKind.Tool, "t", new JsonObject { ["name"] = "t" }))]).Snapshot.Items[0];
        var outward = states.Seal(Exchange(null), item, "\"server-state\""u8);
        var retry = Exchange(Encoding.UTF8.GetString(outward.Span));
        clock.Advance(RequestStates.Lifetime - TimeSpan.FromSeconds(1));
        Assert.That(Encoding.UTF8.GetString(((RequestState.OfServer)states.Read(retry, item)).State.Span), Is.EqualTo("\"server-state\""));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That(states.Read(retry, item), Is.InstanceOf<RequestState.Unknown>());
    }

    private static McpExchange Exchange(string? state)
    {
        var body = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"one_t","arguments":{"b":1,"a":[1]}{{{(state is null ? "" : $",\"requestState\":{state}")}}}}}""";
        McpMessage.TryRead(Encoding.UTF8.GetBytes(body), 64, out var message, out _);
        var caller = new Caller(null, "client", "issuer", "id", "hash", ScopeSet.Of(), ScopeSet.Of(), null, DateTimeOffset.MaxValue);
        return new McpExchange(new DefaultHttpContext(), caller, message!, ProtocolVersion.V20260728, null, McpOperation.Start(McpSide.Server, TimeProvider.System));
    }

    private static Task<McpReply> AskAsync(TestPerson person) => person.ModernAsync("tools/call", Parameters(Tool, []));

    private static Task<McpReply> RetryAsync(TestPerson person, McpReply first, JsonNode state, string tool = Tool, JsonObject? arguments = null)
    {
        var parameters = Parameters(tool, arguments ?? []);
        parameters["requestState"] = state;
        var responses = new JsonObject();
        foreach (var (key, _) in first.Result["inputRequests"]?.AsObject() ?? [])
            responses[key] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["ok"] = true } };
        parameters["inputResponses"] = responses;
        return person.ModernAsync("tools/call", parameters);
    }

    private static JsonObject Parameters(string tool, JsonObject arguments) => new()
    {
        ["name"] = tool,
        ["arguments"] = arguments,
        ["_meta"] = new JsonObject { ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject(), ["sampling"] = new JsonObject(), ["roots"] = new JsonObject() } },
    };
}
