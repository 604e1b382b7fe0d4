using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>A modern server may ask only for what its caller declared; what else it asks for ends the call with an error that says what is missing.</summary>
internal sealed class UndeclaredInputTests
{
    private const string Form = """{"method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}}""";
    private const string Url = """{"method":"elicitation/create","params":{"mode":"url","message":"?","url":"https://example.com/"}}""";
    private const string Sampling = """{"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}""";
    private const string SamplingWithTools = """{"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1,"tools":[]}}""";
    private const string Roots = """{"method":"roots/list"}""";

    private NativeServer _server = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await NativeServer.StartAsync(NativeEra.Modern);
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, url: "{{_server.Url}}" }
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

    [TestCase("{}", Form, """{"elicitation":{"form":{}}}""")]
    [TestCase("""{"elicitation":{}}""", Url, """{"elicitation":{"url":{}}}""")]
    [TestCase("""{"elicitation":{"url":{}}}""", Form, """{"elicitation":{"form":{}}}""")]
    [TestCase("""{"elicitation":{}}""", Sampling, """{"sampling":{}}""")]
    [TestCase("""{"sampling":{}}""", SamplingWithTools, """{"sampling":{"tools":{}}}""")]
    [TestCase("""{"elicitation":{},"sampling":{}}""", Roots, """{"roots":{}}""")]
    [TestCase("""{"elicitation":{},"sampling":{},"roots":{}}""", """{"method":"files/delete"}""", "{}")]
    public async Task Input_that_the_client_did_not_declare_is_an_error_naming_it(string declared, string request, string missing)
    {
        foreach (var isStream in new[] { false, true })
        {
            var reply = await CallAsync(declared, request, isStream);
            Assert.That(reply.Status, Is.EqualTo(400), reply.Body);
            Assert.That(reply.ErrorCode, Is.EqualTo(-32021));
            Assert.That(reply.Error["data"]!["requiredCapabilities"]!.ToJsonString(), Is.EqualTo(missing));
            Assert.That(reply.Body, Does.Not.Contain("inputRequests"));
        }
    }

    [TestCase("""{"elicitation":{}}""", Form)]
    [TestCase("""{"elicitation":{"url":{}}}""", Url)]
    [TestCase("""{"sampling":{"tools":{}}}""", SamplingWithTools)]
    [TestCase("""{"roots":{}}""", Roots)]
    public async Task Input_that_the_client_declared_passes_whole_however_long(string declared, string request)
    {
        foreach (var length in new[] { 10, 100_000 })
        {
            foreach (var isStream in new[] { false, true })
            {
                var reply = await CallAsync(declared, request, isStream, length);
                Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
                Assert.That(reply.Result["inputRequests"]!["asked"]!.ToJsonString(), Is.EqualTo(request));
                Assert.That((string)reply.Result["_meta"]!["pad"]!, Has.Length.EqualTo(length));
            }
        }
    }

    [Test]
    public async Task Undeclared_input_behind_a_long_beginning_never_reaches_the_client([Values] bool isStream)
    {
        var reply = await CallAsync("{}", Form, isStream, 100_000);
        Assert.That(reply.Status, Is.EqualTo(400));
        Assert.That(reply.ErrorCode, Is.EqualTo(-32021));
    }

    /// <summary>Calls a tool of a server that answers with the request for input.</summary>
    private Task<McpReply> CallAsync(string declared, string request, bool isStream, int padding = 1)
    {
        _server.Intercept = async (context, next) =>
        {
            if (_server.Requests[^1].RpcMethod != "tools/call")
            {
                await next();
                return;
            }

            var id = JsonNode.Parse(_server.Requests[^1].Body)!["id"]!.ToJsonString();
            var json = $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"resultType":"input_required","_meta":{"pad":"{{{{new string('x', padding)}}}}"},"inputRequests":{"asked":{{{{request}}}}}}}""";
            context.Response.ContentType = isStream ? "text/event-stream" : "application/json";
            await context.Response.WriteAsync(isStream ? $"data: {json}\n\n" : json);
        };
        return _alice.ModernAsync("tools/call", new JsonObject
        {
            ["name"] = "native_echo",
            ["arguments"] = new JsonObject(),
            ["_meta"] = new JsonObject { ["io.modelcontextprotocol/clientCapabilities"] = JsonNode.Parse(declared) },
        });
    }
}
