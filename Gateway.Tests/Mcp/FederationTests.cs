using System.Net;
using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Several backends, several destinations, several replicas, and what dies among them.</summary>
internal sealed class FederationTests
{
    [Test]
    public async Task Dead_and_silent_backends_hurt_only_themselves()
    {
        await using var good = await NotesAsync();
        await using var silent = await CaptureBackend.StartAsync();
        silent.Hang("list_tools", CancellationToken.None);
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              good: { url: "{{good.Url}}" }
              dead: { url: "http://127.0.0.1:1" }
              silent: { url: "{{silent.Url}}", timeout: 500ms }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        Assert.That((await alice.ModernAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "good_read" }));
        Assert.That((await alice.CallAsync("good_read")).IsToolError, Is.False);
        using var http = new HttpClient();
        var ready = JsonNode.Parse(await http.GetStringAsync(new Uri($"{gateway.Url}/readyz")))!;
        Assert.That((string)ready["parts"]!["backend:dead"]!["state"]!, Is.EqualTo("failed"));
        Assert.That((string)ready["parts"]!["backend:silent"]!["detail"]!, Does.Contain("0.5 s"));
    }

    /// <summary>Replies that are JSON and yet can't be read: a text that is no Unicode, a depth no reader goes to.</summary>
    [Test]
    public async Task Unreadable_catalogs_hurt_only_themselves()
    {
        await using var good = await NotesAsync();
        await using var broken = await CaptureBackend.StartAsync();
        broken.ListTools("""{"name": "\ud800", "scope": "mcp:notes:read"}""", CaptureBackend.Tool("write", "mcp:notes:read"));
        await using var deep = await CaptureBackend.StartAsync();
        deep.ListTools($$"""{"name": "deep", "scope": "mcp:notes:read", "annotations": {{new string('[', 100)}}{{new string(']', 100)}}}""");
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              good: { url: "{{good.Url}}" }
              broken: { url: "{{broken.Url}}" }
              deep: { url: "{{deep.Url}}" }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        Assert.That((await alice.ModernAsync("tools/list")).ToolNames, Is.EqualTo(new[] { "broken_write", "good_read" }));
        using var http = new HttpClient();
        var ready = JsonNode.Parse(await http.GetStringAsync(new Uri($"{gateway.Url}/readyz")))!;
        Assert.That((string)ready["parts"]!["backend:broken"]!["state"]!, Is.EqualTo("degraded"));
        Assert.That((string)ready["parts"]!["backend:deep"]!["state"]!, Is.EqualTo("failed"));
    }

    [Test]
    public async Task Call_goes_on_at_another_destination_after_one_died()
    {
        await using var first = await NotesAsync();
        await using var second = await NotesAsync();
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends:
              notes:
                destinations: ["{{first.Url}}", "{{second.Url}}"]
                audience: https://notes.example.com
                cluster:
                  loadBalancingPolicy: RoundRobin
                  healthCheck: { passive: { enabled: true, policy: TransportFailureRate, reactivationPeriod: "00:10:00" }, availableDestinationsPolicy: HealthyOrPanic }
                  metadata: { TransportFailureRateHealthPolicy.RateLimit: "0.1" }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        for (var i = 0; i < 4; i++)
            await alice.CallAsync("notes_read");
        Assert.That(first.Calls("read"), Has.Count.EqualTo(2));
        Assert.That(second.Calls("read"), Has.Count.EqualTo(2));
        Assert.That(second.Calls("read")[0].Token!.Audiences.Single(), Is.EqualTo("https://notes.example.com"));
        await first.DisposeAsync();
        var failures = 0;
        for (var i = 0; i < 40; i++)
            failures += (await alice.CallAsync("notes_read")).IsToolError ? 1 : 0;
        Assert.That(failures, Is.LessThan(20), "passive health checks take the dead destination out");
        Assert.That((await alice.CallAsync("notes_read")).IsToolError, Is.False);
    }

    [Test]
    public async Task Backend_added_to_a_running_gateway_serves_and_one_removed_is_gone()
    {
        await using var notes = await NotesAsync();
        await using var gateway = await GatewayHost.StartAsync($$"""
            include: [backends.d/*.yaml]
            backends:
              one: { url: "{{notes.Url}}" }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        var folder = Path.Combine(Path.GetDirectoryName(gateway.ConfigFile)!, "backends.d");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "two.yaml");
        await File.WriteAllTextAsync(file, $$"""backends: { two: { url: "{{notes.Url}}" } }""");
        await UntilAsync(async () => (await alice.ModernAsync("tools/list")).ToolNames.Contains("two_read"));
        Assert.That((await alice.CallAsync("two_read")).IsToolError, Is.False);
        await File.WriteAllTextAsync(file, "backends: { two: { url: nonsense } }");
        using var http = new HttpClient();
        await UntilAsync(async () => (await http.GetStringAsync(new Uri($"{gateway.Url}/readyz"))).Contains("nonsense", StringComparison.Ordinal));
        Assert.That((await alice.CallAsync("two_read")).IsToolError, Is.False, "a bad file leaves what runs");
        File.Delete(file);
        await UntilAsync(async () => !(await alice.ModernAsync("tools/list")).ToolNames.Contains("two_read"));
        Assert.That((await alice.CallAsync("one_read")).IsToolError, Is.False);
    }

    [Test]
    public async Task Plain_routes_work_beside_and_carry_no_credential_of_the_caller()
    {
        await using var web = await CaptureBackend.StartAsync();
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends: { notes: { url: "{{web.Url}}" } }
            reverseProxy:
              routes: { web: { clusterId: web, match: { path: "/web/{**rest}" } } }
              clusters: { web: { destinations: { one: { address: "{{web.Url}}" } } } }
            """);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{gateway.Url}/web/page"));
        request.Headers.Add("Authorization", "Bearer secret");
        request.Headers.Add("Cookie", "a=b");
        request.Headers.Add("X-Cortex-User-Id", "root");
        using var reply = await http.SendAsync(request);
        var seen = web.Requests.Last(captured => captured.Path == "/web/page");
        Assert.That(seen.Headers.Keys, Has.No.Member("Authorization").And.No.Member("Cookie").And.No.Member("X-Cortex-User-Id"));
        using var elsewhere = await http.GetAsync(new Uri($"{gateway.Url}/nowhere"));
        Assert.That(elsewhere.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Any_replica_serves_any_session_and_any_token()
    {
        await using var storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        await using var native = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        var yaml = $$"""
            backends: { native: { kind: mcp, url: "{{native.Url}}" } }
            """;
        await using var first = await GatewayHost.StartAsync(yaml, storage);
        await using var second = await GatewayHost.StartAsync(yaml, storage, publicUrl: first.Url);
        using var alice = await TestPerson.SignInAsync(first, "alice@example.com", "mcp:native");
        var opened = await alice.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject() });
        var session = opened.Headers["Mcp-Session-Id"];
        await alice.CallAsync("native_echo", new JsonObject { ["message"] = "one" }, modern: false);
        using var there = alice.At(second);
        Assert.That((await there.LegacyAsync("tools/list", session: session)).Status, Is.EqualTo(200));
        Assert.That((await there.CallAsync("native_echo", new JsonObject { ["message"] = "two" }, modern: false)).Text, Is.EqualTo("two"));
        Assert.That(native.Calls("tools/call").Select(call => call.Headers["Mcp-Session-Id"]).Distinct(), Has.Exactly(1).Items, "both replicas use the one upstream session");
    }

    private static async Task<CaptureBackend> NotesAsync()
    {
        var backend = await CaptureBackend.StartAsync();
        backend.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"));
        return backend;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }
}
