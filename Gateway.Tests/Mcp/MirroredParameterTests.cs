using System.Text;
using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Arguments that a modern server wants repeated in <c>Mcp-Param-*</c> headers, from clients of both eras.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#server-behavior-for-custom-headers"/></remarks>
internal sealed class MirroredParameterTests
{
    private const string Tools = """
        [{"name":"query","inputSchema":{"type":"object","properties":{
            "region":{"type":"string","x-mcp-header":"Region"},"limit":{"type":"integer","x-mcp-header":"Limit"},"dry":{"type":"boolean","x-mcp-header":"Dry"},
            "where":{"type":"object","properties":{"tenant":{"type":"string","x-mcp-header":"Tenant"}}},"sql":{"type":"string"}}}},
         {"name":"spaced","inputSchema":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A B"}}}},
         {"name":"double","inputSchema":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}}]
        """;

    private NativeServer _server = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await NativeServer.StartAsync(NativeEra.Modern);
        _server.Intercept = AnswerAsync;
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              native: { kind: mcp, url: "{{_server.Url}}", timeout: 5s }
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

    [Test]
    public async Task Tool_with_an_invalid_annotation_is_left_out([Values] bool modern)
    {
        var reply = modern ? await _alice.ModernAsync("tools/list") : await _alice.LegacyAsync("tools/list");
        Assert.That(reply.ToolNames, Is.EqualTo(new[] { "native_query" }));
        Assert.That((string)reply.Result["tools"]![0]!["inputSchema"]!["properties"]!["region"]!["x-mcp-header"]!, Is.EqualTo("Region"));
    }

    private static IEnumerable<TestCaseData> Agreements()
    {
        yield return Row("plain text", """{"region":"us-west1"}""", ("Region", "us-west1"));
        yield return Row("encoded text", """{"region":"Hello, 世界"}""", ("Region", "=?base64?SGVsbG8sIOS4lueVjA==?="));
        yield return Row("text that is encoded without need", """{"region":"Hello"}""", ("Region", "=?base64?SGVsbG8=?="));
        yield return Row("text that looks half encoded", """{"region":"=?base64?SGVsbG8="}""", ("Region", "=?base64?SGVsbG8="));
        yield return Row("header of another case", """{"region":"us-west1"}""", ("REGION", "us-west1"));
        yield return Row("empty text", """{"region":""}""", ("Region", "=?base64??="));
        yield return Row("number", """{"limit":42}""", ("Limit", "42"));
        yield return Row("number spelled otherwise", """{"limit":42}""", ("Limit", "42.0"));
        yield return Row("truth value", """{"dry":false}""", ("Dry", "false"));
        yield return Row("nested", """{"where":{"tenant":"t1"}}""", ("Tenant", "t1"));
        yield return Row("nothing", """{"sql":"select 1"}""");
        yield return Row("null", """{"region":null}""");
        yield return Row("unknown header", """{"region":"r"}""", ("Region", "r"), ("Shard", "9"));

        static TestCaseData Row(string what, string arguments, params (string, string)[] headers) => new TestCaseData(arguments, headers).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Agreements))]
    public async Task Modern_call_whose_headers_agree_is_served(string arguments, (string, string)[] headers)
    {
        var reply = await CallAsync(arguments, headers);
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        Assert.That(reply.Result["content"], Is.Not.Null);
    }

    private static IEnumerable<TestCaseData> Mismatches()
    {
        yield return Row("header missing", """{"region":"us-west1"}""");
        yield return Row("nested header missing", """{"where":{"tenant":"t1"}}""");
        yield return Row("other text", """{"region":"us-west1"}""", ("Region", "us-east1"));
        yield return Row("other case", """{"region":"us-west1"}""", ("Region", "US-WEST1"));
        yield return Row("sent twice", """{"region":"us-west1"}""", ("Region", "us-west1"), ("region", "us-west1"));
        yield return Row("padding missing", """{"region":"Hello"}""", ("Region", "=?base64?SGVsbG8?="));
        yield return Row("no base64", """{"region":"Hello"}""", ("Region", "=?base64?SGVs!!!bG8=?="));
        yield return Row("other number", """{"limit":42}""", ("Limit", "43"));
        yield return Row("text for a number", """{"limit":42}""", ("Limit", "forty-two"));
        yield return Row("truth value in capitals", """{"dry":true}""", ("Dry", "True"));
        yield return Row("header without an argument", "{}", ("Region", "us-west1"));
        yield return Row("header for null", """{"region":null}""", ("Region", "null"));
        yield return Row("argument twice", """{"region":"a","region":"b"}""", ("Region", "a"));

        static TestCaseData Row(string what, string arguments, params (string, string)[] headers) => new TestCaseData(arguments, headers).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Mismatches))]
    public async Task Modern_call_whose_headers_disagree_is_refused(string arguments, (string, string)[] headers)
    {
        var before = _server.Calls("tools/call").Count;
        var reply = await CallAsync(arguments, headers);
        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((400, -32020)), reply.Body);
        Assert.That((int)reply.Answer["id"]!, Is.EqualTo(7));
        Assert.That(_server.Calls("tools/call"), Has.Count.EqualTo(before));
    }

    [Test]
    public async Task Unknown_header_of_a_modern_client_goes_on_and_that_of_a_legacy_one_does_not([Values] bool modern)
    {
        await CallAsync("""{"region":"r"}""", [("Region", "r"), ("Shard", "9")], modern);
        Assert.That(_server.Calls("tools/call")[^1].Header("Mcp-Param-Shard"), Is.EqualTo(modern ? "9" : null));
        Assert.That(_server.Calls("tools/call")[^1].Header("Mcp-Param-Region"), Is.EqualTo("r"));
    }

    [Test]
    public async Task Legacy_call_is_given_the_headers_that_the_server_wants()
    {
        var reply = await CallAsync("""{"region":" Zürich ","limit":4.2e1,"dry":true,"where":{"tenant":"t1"},"sql":"x"}""", [("Region", "forged")], modern: false);
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        var call = _server.Calls("tools/call")[^1];
        Assert.That(call.Header("Mcp-Param-Region"), Is.EqualTo($"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(" Zürich "))}?="));
        Assert.That(call.Header("Mcp-Param-Limit"), Is.EqualTo("42"));
        Assert.That(call.Header("Mcp-Param-Dry"), Is.EqualTo("true"));
        Assert.That(call.Header("Mcp-Param-Tenant"), Is.EqualTo("t1"));
        Assert.That(call.Headers.Keys.Where(name => name.StartsWith("Mcp-Param-", StringComparison.OrdinalIgnoreCase)), Has.Exactly(4).Items);
    }

    [Test]
    public async Task Legacy_call_that_gives_a_mirrored_argument_twice_is_refused()
    {
        var reply = await CallAsync("""{"region":"a","region":"b"}""", [], modern: false);
        Assert.That(reply.ErrorCode, Is.EqualTo(-32602));
    }

    /// <summary>A row of the same table: what a server lacks in the client's declaration is the client's to know, whole.</summary>
    [Test]
    public async Task Capability_that_the_server_misses_is_told_to_a_modern_client_as_the_server_told_it()
    {
        _server.Intercept = async (context, next) =>
        {
            if (_server.Requests[^1].RpcMethod != "tools/call")
            {
                await next();
                return;
            }

            context.Response.StatusCode = 400;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"jsonrpc":"2.0","id":7,"error":{"code":-32021,"message":"Needs elicitation.","data":{"requiredCapabilities":{"elicitation":{}}}}}""");
        };
        var reply = await CallAsync("{}", []);
        _server.Intercept = AnswerAsync;
        Assert.That((reply.Status, reply.ErrorCode, (int)reply.Answer["id"]!), Is.EqualTo((400, -32021, 7)));
        Assert.That(reply.Error["data"]!["requiredCapabilities"]!["elicitation"], Is.InstanceOf<JsonObject>());
    }

    private Task<McpReply> CallAsync(string arguments, (string Name, string Value)[] headers, bool modern = true)
    {
        var meta = modern ? """ "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}, """ : "";
        var body = $$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{ {{meta}} "name":"native_query","arguments":{{arguments}} } }""";
        return _alice.PostAsync(body, request =>
        {
            request.Headers.Add("MCP-Protocol-Version", modern ? "2026-07-28" : "2025-11-25");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "native_query");
            foreach (var (name, value) in headers)
                request.Headers.TryAddWithoutValidation($"Mcp-Param-{name}", value);
        });
    }

    /// <summary>Lists the tools as they stand here, and answers every call.</summary>
    private async Task AnswerAsync(HttpContext context, Func<Task> next)
    {
        var request = _server.Requests[^1];
        var result = request.RpcMethod switch
        {
            "tools/list" => $$"""{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":{{Tools}} }""",
            "tools/call" => """{"resultType":"complete","content":[]}""",
            _ => null,
        };
        if (result is null)
        {
            await next();
            return;
        }

        context.Response.ContentType = "application/json";
        var id = JsonNode.Parse(request.Body)!["id"]!.ToJsonString();
        await context.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}} }""");
    }
}
