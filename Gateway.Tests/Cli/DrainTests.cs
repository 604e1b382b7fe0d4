using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Callers;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

/// <summary>The published program when an orchestrator tells it to stop: SIGTERM to the real process, with a call and a stream open.</summary>
internal sealed class DrainTests
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private TestIssuer _issuer = null!;
    private CaptureBackend _backend = null!;
    private string _url = null!;

    [SetUp]
    public async Task StartBackendAsync()
    {
        _issuer = new TestIssuer().WithOpenIdConfiguration();
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(CaptureBackend.Tool("wait", "mcp:notes:read"), CaptureBackend.Tool("list", "mcp:notes:read"));
        _url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _issuer.Token($"{_url}/mcp"));
    }

    [TearDown]
    public async Task StopBackendAsync()
    {
        await _backend.DisposeAsync();
        _issuer.Dispose();
    }

    [OneTimeTearDown]
    public void Dispose() => _http.Dispose();

    [Test]
    public async Task Sigterm_fails_readiness_serves_on_then_ends_streams_lets_the_call_finish_and_exits_with_0()
    {
        using var release = new CancellationTokenSource();
        var answered = new TaskCompletionSource();
        await using var registration = release.Token.Register(answered.SetResult);
        _backend.Handle("wait", async (context, _) =>
        {
            await answered.Task;
            await context.Response.WriteAsync("""{"late": true}""");
        });
        await using var process = await ServeAsync("delay: 10m, deadline: 1m");
        using var stream = await SendAsync("subscriptions/listen", new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } });
        var call = CallAsync("tickets_wait");
        Assert.That(await Eventually.HoldsAsync(() => _backend.Calls("wait").Count == 1));

        await process.StopAsync();
        Assert.That(await Eventually.HoldsAsync(async () => await StatusAsync("/readyz") == HttpStatusCode.ServiceUnavailable));
        Assert.That(await StatusAsync("/healthz"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await CallAsync("tickets_list")).IsToolError, Is.False, "who has not turned away yet is served");

        await process.StopAsync();
        var told = await stream.Content.ReadAsStringAsync();
        Assert.That(told, Does.Contain("this replica shuts down"));
        Assert.That(await Eventually.HoldsAsync(IsClosedAsync), "no new connection is accepted");
        Assert.That(call.IsCompleted, Is.False);
        await release.CancelAsync();

        Assert.That((await call).Text, Does.Contain("late"));
        Assert.That(await process.EndAsync(), Is.Zero, process.Error);
    }

    [Test]
    public async Task Call_that_outlasts_the_deadline_is_cut_and_still_audited()
    {
        using var release = new CancellationTokenSource();
        _backend.Hang("wait", release.Token);
        await using var process = await ServeAsync("deadline: 3s");
        var call = CallAsync("tickets_wait");
        Assert.That(await Eventually.HoldsAsync(() => _backend.Calls("wait").Count == 1));

        await process.StopAsync();

        Assert.That(() => call, Throws.InstanceOf<HttpRequestException>());
        Assert.That(await process.EndAsync(), Is.Zero, process.Error);
        var audited = process.Lines.Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.That(audited.Select(line => line.GetProperty("tool").GetString()), Is.EqualTo(new[] { "tickets_wait" }));
        Assert.That(process.Lines, Has.None.Contains("fail:"));
    }

    private Task<GatewayProcess> ServeAsync(string drain) => GatewayProcess.ServeAsync(
        GatewayProcess.FolderWith($$"""
            gateway:
              publicUrl: {{_url}}
              drain: { {{drain}} }
            identity:
              authorizationServer:
                enabled: false
              issuers:
                - issuer: {{_issuer.Issuer}}
            backends:
              tickets:
                kind: contract
                url: {{_backend.Url}}
                timeout: 5m
            """),
        _url);

    private async Task<McpReply> CallAsync(string tool) =>
        await McpReply.ReadAsync(await SendAsync("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = new JsonObject() }));

    /// <summary>Posts a message of the modern era; the reply's body is not read yet.</summary>
    private async Task<HttpResponseMessage> SendAsync(string method, JsonObject parameters)
    {
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_url}/mcp"))
        {
            Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        if (parameters["name"] is { } name)
            request.Headers.Add("Mcp-Name", (string)name!);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(_url + path));
        return answer.StatusCode;
    }

    private async Task<bool> IsClosedAsync()
    {
        using var fresh = new HttpClient();
        try
        {
            using var answer = await fresh.GetAsync(new Uri($"{_url}/healthz"));
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
