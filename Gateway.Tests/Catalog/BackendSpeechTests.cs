using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Sessions;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

/// <summary>Which era of a server a caller gets.</summary>
internal sealed class BackendSpeechTests
{
    private static readonly ClientCapabilities Asks = ClientCapabilities.Of("""{"elicitation":{}}"""u8);
    private static readonly BackendSpeech Dual = new(ProtocolVersion.V20260728, ProtocolVersion.V20251125, true, true, true);
    private static readonly BackendSpeech Modern = Dual with { Legacy = null };
    private static readonly BackendSpeech Legacy = Modern with { Version = ProtocolVersion.V20250618 };

    private static IEnumerable<TestCaseData> Rows()
    {
        yield return new TestCaseData(Dual, Era.Legacy, Asks, ProtocolVersion.V20251125) { TestName = "Legacy caller that can be asked gets the legacy era of both" };
        yield return new TestCaseData(Dual, Era.Legacy, ClientCapabilities.None, ProtocolVersion.V20260728) { TestName = "Legacy caller that can't gets the newest of both" };
        yield return new TestCaseData(Dual, Era.Modern, Asks, ProtocolVersion.V20260728) { TestName = "Modern caller gets the newest of both" };
        yield return new TestCaseData(Modern, Era.Legacy, Asks, ProtocolVersion.V20260728) { TestName = "Legacy caller gets the only era, modern" };
        yield return new TestCaseData(Legacy, Era.Legacy, Asks, ProtocolVersion.V20250618) { TestName = "Legacy caller gets the only era, legacy" };
        yield return new TestCaseData(Legacy, Era.Modern, Asks, ProtocolVersion.V20250618) { TestName = "Modern caller gets the only era, legacy" };
    }

    [TestCaseSource(nameof(Rows))]
    public void For_gives_the_era_in_which_the_caller_can_be_asked(BackendSpeech speech, Era caller, ClientCapabilities capabilities, ProtocolVersion expected) =>
        Assert.That(speech.For(caller, capabilities), Is.EqualTo(expected));

    [TestCase(NativeEra.Modern, "2026-07-28", null, false)]
    [TestCase(NativeEra.LegacyStateful, "2025-11-25", null, true)]
    [TestCase(NativeEra.LegacyStateless, "2025-11-25", null, true)]
    public async Task Server_of_one_era_has_no_other(NativeEra era, string version, string? legacy, bool logs)
    {
        await using var server = await NativeServer.StartAsync(era);
        var speech = await ReadAsync(server.Url);
        Assert.That((speech.Version.Value, speech.Legacy?.Value, speech.Logs), Is.EqualTo((version, legacy, logs)));
        Assert.That((speech.Completes, speech.Subscribes), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task Server_of_both_eras_is_known_for_what_it_does()
    {
        await using var server = await ConformanceServer.StartAsync();
        var expected = new BackendSpeech(ProtocolVersion.V20260728, ProtocolVersion.V20251125, Completes: true, Subscribes: true, Logs: true);
        Assert.That(await ReadAsync(server.Url), Is.EqualTo(expected));
    }

    [Test]
    public async Task Session_of_the_attempt_at_the_other_era_is_ended()
    {
        await using var server = await ConformanceServer.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(Yaml(server.Url));
        Assert.That(server.Calls("initialize"), Has.Count.EqualTo(1));
        Assert.That(await Eventually.HoldsAsync(() => server.Requests.Any(request => request.Method == "DELETE")));
    }

    [Test]
    public async Task Modern_server_that_names_a_legacy_revision_is_believed()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.Modern);
        server.Intercept = async (context, next) =>
        {
            if (server.Requests[^1].RpcMethod != "server/discover")
            {
                await next();
                return;
            }

            var id = server.Requests[^1].Json.GetProperty("id").GetRawText();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""
                {"jsonrpc":"2.0","id":{{id}},"result":{"supportedVersions":["2025-06-18","2026-07-28","2025-11-25","2024-11-05"],"capabilities":{"tools":{},"logging":{} },
                "ttlMs":0,"cacheScope":"private","resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"1"} } } }
                """);
        };
        var speech = await ReadAsync(server.Url);
        Assert.That((speech.Version.Value, speech.Legacy?.Value, speech.Logs), Is.EqualTo(("2026-07-28", "2025-11-25", true)));
        Assert.That(server.Calls("initialize"), Is.Empty);
    }

    [Test]
    public async Task Modern_server_that_never_answers_initialize_still_gives_its_catalog()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.Modern);
        server.Intercept = (context, next) =>
            server.Requests[^1].RpcMethod == "initialize" ? Task.Delay(Timeout.Infinite, context.RequestAborted) : next();
        await using var gateway = await GatewayHost.StartAsync(Yaml(server.Url, "1s"));
        var catalog = gateway.Get<CatalogStore>().Current;
        Assert.That(catalog.Items, Has.Count.EqualTo(NativeTools.Names.Count));
        Assert.That(catalog.SpeechOf(BackendId.Parse("native")), Is.EqualTo(new BackendSpeech(ProtocolVersion.V20260728, null, false, false, false)));
    }

    private static string Yaml(string url, string timeout = "5s") => $$"""
        backends:
          native: { kind: mcp, url: "{{url}}", timeout: {{timeout}} }
        """;

    private static async Task<BackendSpeech> ReadAsync(string url)
    {
        await using var gateway = await GatewayHost.StartAsync(Yaml(url));
        return gateway.Get<CatalogStore>().Current.SpeechOf(BackendId.Parse("native"))!;
    }
}
