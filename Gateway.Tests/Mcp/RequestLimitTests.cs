using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Cortex.Governance.Audit;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Callers who send more than <c>limits.requests</c> allows.</summary>
internal sealed class RequestLimitTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private StringWriter _output = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [TearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _output.DisposeAsync();
    }

    [Test]
    public async Task Caller_over_the_limit_is_429_with_retry_after_in_the_terms_of_the_era()
    {
        await StartAsync("{ perMinute: 3, burst: 3 }");
        await SpendAsync(3);

        var legacy = await _alice.PostAsync(Ping);
        var modern = await _alice.ModernAsync("tools/list");

        Assert.That((legacy.Status, legacy.ErrorCode), Is.EqualTo((429, -32000)));
        Assert.That((modern.Status, modern.ErrorCode), Is.EqualTo((429, 429)));
        Assert.That(int.Parse(legacy.Headers["Retry-After"]), Is.InRange(1, 20));
        Assert.That((int)legacy.Error["data"]!["retryAfterSeconds"]!, Is.EqualTo(int.Parse(legacy.Headers["Retry-After"])));
        Assert.That(legacy.Answer.ContainsKey("id") && legacy.Answer["id"] is null);
    }

    [Test]
    public async Task Refused_request_is_recorded_with_its_caller_and_the_limit()
    {
        await StartAsync("{ perMinute: 1, burst: 1 }");
        await SpendAsync(1);
        await _alice.PostAsync(Ping);

        await _gateway.App.StopAsync();
        var record = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Last(line => (string)line["event"]! == "mcp.request");
        Assert.That(((string)record["outcome"]!, (int)record["status"]!, (string)record["client"]!), Is.EqualTo(("denied", 429, _alice.ClientId)));
        Assert.That((string)record["detail"]!, Is.EqualTo("over the limit requests.caller"));
        Assert.That((string)record["caller"]!, Does.StartWith("u_"));
    }

    [Test]
    public async Task Other_person_is_not_refused_and_the_clients_own_limit_counts_for_all()
    {
        await StartAsync("{ perMinute: 2, burst: 2, clientPerMinute: off }");
        await SpendAsync(3);
        using var bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "openid");

        Assert.That((await bob.PostAsync(Ping)).Status, Is.EqualTo(200));
        Assert.That((await _alice.PostAsync(Ping)).Status, Is.EqualTo(429));
    }

    [Test]
    public async Task Client_over_its_limit_is_refused()
    {
        await StartAsync("{ perMinute: off, clientPerMinute: 2, clientBurst: 2 }");
        await SpendAsync(2);

        Assert.That((await _alice.PostAsync(Ping)).Status, Is.EqualTo(429));
    }

    [Test]
    public async Task Request_without_a_token_is_401_and_counts_for_nobody()
    {
        await StartAsync("{ perMinute: 1, burst: 1 }");
        using var http = new HttpClient();
        for (var i = 0; i < 5; i++)
        {
            using var reply = await http.PostAsync(new Uri(_gateway.McpUrl), null);
            Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        Assert.That((await _alice.PostAsync(Ping)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Limit_is_decided_before_the_body_is_there()
    {
        await StartAsync("{ perMinute: 1, burst: 1 }");
        await SpendAsync(1);
        using var connection = new TcpClient();
        var address = new Uri(_gateway.ListensAt);
        await connection.ConnectAsync(address.Host, address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {_alice.AccessToken}\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\nContent-Length: 1000\r\n\r\n{"));

        using var reader = new StreamReader(stream);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.That(await reader.ReadLineAsync(deadline.Token), Does.Contain("429"));
    }

    [Test]
    public async Task Limit_is_changed_while_the_gateway_runs()
    {
        await StartAsync("{ perMinute: 1, burst: 1 }");
        await SpendAsync(2);

        await File.WriteAllTextAsync(_gateway.ConfigFile, Yaml("{ perMinute: off, clientPerMinute: off }"));

        Assert.That(await EventuallyAsync(async () => (await _alice.PostAsync(Ping)).Status == 200));
    }

    private static async Task<bool> EventuallyAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
                return false;
            await Task.Delay(50);
        }

        return true;
    }

    private static string Yaml(string requests) => $"limits: {{ requests: {requests} }}";

    private async Task StartAsync(string requests)
    {
        _output = new SharedWriter();
        _gateway = await GatewayHost.StartAsync(
            Yaml(requests), customize: builder => builder.Services.AddSingleton(new AuditOutput(TextWriter.Synchronized(_output))));
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "openid");
    }

    private async Task SpendAsync(int requests)
    {
        for (var i = 0; i < requests; i++)
            await _alice.PostAsync(Ping);
    }
}
