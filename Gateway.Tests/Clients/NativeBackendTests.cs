using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>Native MCP servers of either era behind the gateway, used by clients of either era: every pair must work.</summary>
internal sealed class NativeBackendTests
{
    private static IEnumerable<TestCaseData> Pairs() =>
        from script in new[] { NodeClient.Legacy, NodeClient.Modern }
        from era in Enum.GetValues<NativeEra>()
        select new TestCaseData(script, era);

    [TestCaseSource(nameof(Pairs))]
    public async Task Client_lists_and_calls_with_progress(string script, NativeEra era)
    {
        await using var server = await NativeServer.StartAsync(era);
        await using var gateway = await GatewayHost.StartAsync(Yaml(server.Url));

        var sight = await NodeClient.RunAsync(script, "--url", $"{gateway.Url}/mcp", "--tool", "native_slow_progress");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.Tools, Is.SupersetOf(NativeTools.Names.Select(name => $"native_{name}")));
            Assert.That(sight.ResultText, Is.EqualTo("Done."));
            Assert.That(sight.ProgressCount, Is.EqualTo(NativeTools.ProgressCount));
        }
    }

    [TestCaseSource(nameof(Pairs))]
    public async Task Structured_result_arrives_whole(string script, NativeEra era)
    {
        await using var server = await NativeServer.StartAsync(era);
        await using var gateway = await GatewayHost.StartAsync(Yaml(server.Url));

        var sight = await NodeClient.RunAsync(
            script, "--url", $"{gateway.Url}/mcp", "--tool", "native_add", "--args", """{"a": 2, "b": 3}""");

        Assert.That(sight.Error, Is.Null);
        Assert.That(sight.Result.GetProperty("structuredContent").GetProperty("sum").GetInt32(), Is.EqualTo(5));
    }

    [TestCaseSource(nameof(Pairs))]
    public async Task Failure_of_a_tool_stays_a_tool_result(string script, NativeEra era)
    {
        await using var server = await NativeServer.StartAsync(era);
        await using var gateway = await GatewayHost.StartAsync(Yaml(server.Url));

        var sight = await NodeClient.RunAsync(script, "--url", $"{gateway.Url}/mcp", "--tool", "native_fail");

        Assert.That(sight.Error, Is.Null);
        Assert.That(sight.IsError, Is.True);
    }

    [TestCase(NativeEra.Modern)]
    [TestCase(NativeEra.LegacyStateful)]
    [TestCase(NativeEra.LegacyStateless)]
    public async Task Server_sees_the_minted_token(NativeEra era)
    {
        await using var server = await NativeServer.StartAsync(era);
        await using var gateway = await GatewayHost.StartAsync(Yaml(server.Url));

        var sight = await NodeClient.RunAsync(NodeClient.Modern, "--url", $"{gateway.Url}/mcp", "--tool", "native_whoami");

        Assert.That(sight.Error, Is.Null);
        var call = server.Calls("tools/call").Single();
        MintedToken.AssertArrived(call, gateway.Url, call.Token!.Audiences.Single(), "mcp:native", sight.AccessToken);
        Assert.That(call.Header("Mcp-Session-Id") is null, Is.EqualTo(era is not NativeEra.LegacyStateful));
    }

    [TestCaseSource(nameof(Pairs))]
    public async Task Server_that_validates_tokens_with_stock_middleware_knows_the_person(string script, NativeEra era)
    {
        await using var gateway = await GatewayHost.StartAsync("backends: {}");
        await using var server = await NativeServer.StartAsync(era, issuer: $"{gateway.Url}/identity");
        await File.WriteAllTextAsync(gateway.ConfigFile, Yaml(server.Url));
        await gateway.WaitForBackendAsync("native");

        var sight = await NodeClient.RunAsync(script, "--url", $"{gateway.Url}/mcp", "--tool", "native_whoami");

        Assert.That(sight.Error, Is.Null);
        var seen = sight.Result.GetProperty("structuredContent");
        Assert.That(seen.GetProperty("user").GetString(), Does.StartWith("p_"));
        Assert.That(seen.GetProperty("claims").GetProperty("aud").GetString(), Is.EqualTo(server.Url));
    }

    [TestCase(NodeClient.Legacy)]
    [TestCase(NodeClient.Modern)]
    public async Task Everything_server_of_npm_answers_behind_the_gateway(string script)
    {
        await using var server = await EverythingServer.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(Yaml(server.Url));

        var sight = await NodeClient.RunAsync(
            script, "--url", $"{gateway.Url}/mcp", "--tool", "native_echo", "--args", """{"message": "hello"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.Tools, Does.Contain("native_echo"));
            Assert.That(sight.ResultText, Does.Contain("hello"));
        }
    }

    private static string Yaml(string url) => $"""
        backends:
          native:
            kind: mcp
            url: {url}
        """;
}
