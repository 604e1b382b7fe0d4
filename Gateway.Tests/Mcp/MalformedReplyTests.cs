using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Replies of native servers that are odd or broken: each is taken as far as it is MCP, and else ends in a clear failure of the tool, in time.</summary>
internal sealed class MalformedReplyTests
{
    private NativeServer _legacy = null!;
    private NativeServer _modern = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    private static IEnumerable<TestCaseData> Broken()
    {
        foreach (var modern in new[] { true, false })
        {
            yield return Case("a redirect", modern, "", "", 302, ("Location", "http://127.0.0.1:1/elsewhere"));
            yield return Case("not modified", modern, "", "", 304);
            yield return Case("no content", modern, "", "", 204);
            yield return Case("accepted", modern, "", "", 202);
            yield return Case("no media type", modern, "", "@answer");
            yield return Case("html", modern, "text/html", "<h1>Hello</h1>");
            yield return Case("an array", modern, "application/json", "[@answer]");
            yield return Case("nothing", modern, "application/json", "");
            yield return Case("half an object", modern, "application/json", "{\"jsonrpc\":\"2.0\",\"id\":");
            yield return Case("two objects", modern, "application/json", "@answer@answer");
            yield return Case("a notification", modern, "application/json", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}");
            yield return Case("half an event", modern, "text/event-stream", "data: @answer");
            yield return Case("an event without an id", modern, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"result\":{}}\n\n");
            yield return Case("an event with an array", modern, "text/event-stream", "data: [@answer]\n\n");
            yield return Case("an event of garbage", modern, "text/event-stream", "data: garbage\n\n");
            yield return Case("a request without an id", modern, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}\n\n");
            yield return Case("no event", modern, "text/event-stream", ": nothing\n\n");
            yield return Case("an event of 5 MB", modern, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"data\":\"" + new string('x', 5_000_000) + "\"}}\n\n");
            yield return Case("gzip", modern, "application/json", "@answer", 200, ("Content-Encoding", "gzip"));
            yield return Case("a reset", modern, "text/event-stream", "data: {\"jsonrpc\"@reset");
            yield return Case("a reset at once", modern, "application/json", "@reset");
        }
    }

    private static IEnumerable<TestCaseData> Odd()
    {
        foreach (var modern in new[] { true, false })
        {
            yield return Case("a charset", modern, "text/event-stream; charset=utf-8", "data: @answer\n\n");
            yield return Case("CRLF and a mark", modern, "text/event-stream", "\uFEFFevent: message\r\ndata: @answer\r\n\r\n");
            yield return Case("CR", modern, "text/event-stream", "event: message\rid: 5\rdata: @answer\r\r");
            yield return Case("two answers", modern, "text/event-stream", "data: @answer\n\ndata: @another\n\n");
            yield return Case("garbage behind the answer", modern, "text/event-stream", "data: @answer\n\ndata: garbage\n\n");
            yield return Case("a wrong id", modern, "application/json", "@another");
            yield return Case("a cookie", modern, "application/json", "@answer", 200, ("Set-Cookie", "a=b"), ("WWW-Authenticate", "Bearer"), ("Mcp-Session-Id", "stolen"));
            yield return Case("a foreign cancellation", modern, "text/event-stream", "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}\n\ndata: @answer\n\n");
        }
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _legacy = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        _modern = await NativeServer.StartAsync(NativeEra.Modern);
        _gateway = await GatewayHost.StartAsync($$"""
            backends:
              legacy: { kind: mcp, url: "{{_legacy.Url}}", timeout: 5s, idleTimeout: 5s, cluster: { HealthCheck: { Passive: { Enabled: "false" } } } }
              modern: { kind: mcp, url: "{{_modern.Url}}", timeout: 5s, idleTimeout: 5s, cluster: { HealthCheck: { Passive: { Enabled: "false" } } } }
            """);
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:legacy mcp:modern");
        await _alice.CallAsync("legacy_item_01");
        await _alice.CallAsync("legacy_item_01", modern: false);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _legacy.DisposeAsync();
        await _modern.DisposeAsync();
    }

    [TearDown]
    public void LetThrough() => _legacy.Intercept = _modern.Intercept = null;

    [TestCaseSource(nameof(Broken))]
    public async Task Broken_reply_becomes_a_failure_of_the_tool(bool modern, string mediaType, string body, int status, (string Name, string Value)[] headers)
    {
        var reply = await CallAsync(modern, mediaType, body, status, headers);
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        Assert.That(reply.IsToolError, reply.Body);
        Assert.That(reply.Headers.Keys, Has.None.EqualTo("Location"));
    }

    [TestCaseSource(nameof(Odd))]
    public async Task Odd_reply_is_taken_for_what_it_says(bool modern, string mediaType, string body, int status, (string Name, string Value)[] headers)
    {
        var reply = await CallAsync(modern, mediaType, body, status, headers);
        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        Assert.That(reply.Messages.Select(message => (int?)message["id"]), Is.EqualTo(new int?[] { 7 }), reply.Body);
        Assert.That(reply.Text, Is.EqualTo(body.Contains("@answer", StringComparison.Ordinal) ? "hello" : "other"));
        Assert.That(reply.Headers.Keys, Has.None.EqualTo("Set-Cookie").And.None.EqualTo("WWW-Authenticate").And.None.EqualTo("Mcp-Session-Id"));
    }

    [Test]
    public async Task Early_hints_and_trailers_do_no_harm_and_go_no_further([Values] bool modern)
    {
        var server = modern ? _modern : _legacy;
        server.Intercept = async (context, next) =>
        {
            var request = server.Requests[^1];
            if (request.RpcMethod != "tools/call")
            {
                await next();
                return;
            }

            var answer = Answer(JsonNode.Parse(request.Body)!["id"]!.ToJsonString(), "hello");
            var output = context.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output;
            await output.WriteAsync(Encoding.ASCII.GetBytes(
                "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nSet-Cookie: early=1\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: Set-Cookie\r\nConnection: close\r\n\r\n"
                + $"{answer.Length:x}\r\n{answer}\r\n0\r\nSet-Cookie: late=1\r\nX-Checksum: 1\r\n\r\n"));
            await Task.WhenAny(Task.Delay(Timeout.Infinite, context.RequestAborted));
        };
        var reply = await _alice.CallAsync(modern ? "modern_item_01" : "legacy_item_01", modern: modern).WaitAsync(TimeSpan.FromSeconds(15));
        Assert.That(reply.Text, Is.EqualTo("hello"));
        Assert.That(reply.Headers.Keys, Has.None.EqualTo("Set-Cookie").And.None.EqualTo("Link").And.None.EqualTo("Trailer").And.None.EqualTo("X-Checksum"));
    }

    private static TestCaseData Case(string name, bool modern, string mediaType, string body, int status = 200, params (string Name, string Value)[] headers) =>
        new TestCaseData(modern, mediaType, body, status, headers).SetArgDisplayNames(name, modern ? "modern" : "legacy");

    private async Task<McpReply> CallAsync(bool modern, string mediaType, string body, int status, (string Name, string Value)[] headers)
    {
        var server = modern ? _modern : _legacy;
        server.Intercept = async (context, next) =>
        {
            var request = server.Requests[^1];
            if (request.RpcMethod != "tools/call")
            {
                await next();
                return;
            }

            context.Response.StatusCode = status;
            if (mediaType.Length > 0)
                context.Response.ContentType = mediaType;
            foreach (var (name, value) in headers)
                context.Response.Headers.Append(name, value);
            var id = JsonNode.Parse(request.Body)!["id"]!.ToJsonString();
            var text = body.Replace("@answer", Answer(id, "hello"), StringComparison.Ordinal).Replace("@another", Answer("99", "other"), StringComparison.Ordinal);
            var bytes = Encoding.UTF8.GetBytes(text.Replace("@reset", "", StringComparison.Ordinal));
            if (headers.Any(header => header.Name == "Content-Encoding"))
                bytes = Compress(bytes);
            if (bytes.Length > 0)
                await context.Response.Body.WriteAsync(bytes);
            await context.Response.Body.FlushAsync();
            if (text.EndsWith("@reset", StringComparison.Ordinal))
                context.Abort();
        };
        return await _alice.CallAsync(modern ? "modern_item_01" : "legacy_item_01", modern: modern).WaitAsync(TimeSpan.FromSeconds(15));
    }

    private static string Answer(string id, string text) =>
        new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = JsonNode.Parse(id),
            ["result"] = new JsonObject
            {
                ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
                ["resultType"] = "complete",
            },
        }.ToJsonString();

    private static byte[] Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionMode.Compress))
            gzip.Write(bytes);
        return output.ToArray();
    }
}
