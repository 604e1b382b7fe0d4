using System.Net;
using System.Net.Http.Json;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>The native servers of the fixtures are what they claim to be: without this, a test against them proves nothing.</summary>
internal sealed class NativeServerTests
{
    [TestCase(NodeClient.Modern, NativeEra.Modern, "2026-07-28")]
    [TestCase(NodeClient.Modern, NativeEra.LegacyStateful, "2025-11-25")]
    [TestCase(NodeClient.Modern, NativeEra.LegacyStateless, "2025-11-25")]
    [TestCase(NodeClient.Legacy, NativeEra.LegacyStateful, "2025-11-25")]
    [TestCase(NodeClient.Legacy, NativeEra.LegacyStateless, "2025-11-25")]
    public async Task Client_of_npm_gets_every_tool_and_all_progress(string script, NativeEra era, string version)
    {
        await using var server = await NativeServer.StartAsync(era);

        var sight = await NodeClient.RunAsync(script, "--url", server.Url, "--tool", "slow_progress");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.ProtocolVersion, Is.EqualTo(version));
            Assert.That(sight.Tools, Is.EquivalentTo(NativeTools.Names));
            Assert.That(sight.ResultText, Is.EqualTo("Done."));
            Assert.That(sight.ProgressCount, Is.EqualTo(NativeTools.ProgressCount));
        }
    }

    [Test]
    public async Task Legacy_client_is_refused_by_a_modern_server()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.Modern);

        var sight = await NodeClient.RunAsync(NodeClient.Legacy, "--url", server.Url);

        Assert.That(sight.Error, Is.Not.Null);
    }

    [TestCase(NativeEra.LegacyStateful)]
    [TestCase(NativeEra.LegacyStateless)]
    public async Task Modern_request_is_400_at_a_legacy_server(NativeEra era)
    {
        await using var server = await NativeServer.StartAsync(era);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url)
        {
            Content = JsonContent.Create(new
            {
                jsonrpc = "2.0",
                id = 1,
                method = "server/discover",
                @params = new Dictionary<string, object>
                {
                    ["_meta"] = new Dictionary<string, object>
                    {
                        ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
                        ["io.modelcontextprotocol/clientCapabilities"] = new { },
                    },
                },
            }),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "server/discover");

        using var response = await http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Whoami_returns_the_credential_that_arrived()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.Modern);

        var sight = await NodeClient.RunAsync(NodeClient.Modern, "--url", server.Url, "--token", "secret", "--tool", "whoami");

        Assert.That(
            sight.Result.GetProperty("structuredContent").GetProperty("authorization").GetString(), Is.EqualTo("Bearer secret"));
    }

    [Test]
    public async Task Everything_server_answers_a_client_of_npm()
    {
        await using var server = await EverythingServer.StartAsync();

        var sight = await NodeClient.RunAsync(
            NodeClient.Legacy, "--url", server.Url, "--tool", "echo", "--args", """{"message": "hello"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.Tools, Does.Contain("echo"));
            Assert.That(sight.ResultText, Does.Contain("hello"));
        }
    }
}
