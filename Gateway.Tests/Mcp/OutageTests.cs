using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Tests.Cli;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Callers;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>What is left of calls and sessions when Redis stops, or a replica dies, in the middle of a call.</summary>
[Category("Slow")]
internal sealed class OutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private NativeServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await NativeServer.StartAsync(NativeEra.LegacyStateful);

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TearDown]
    public void LetThrough() => _server.Intercept = null;

    [Test]
    public async Task Call_ends_at_its_client_though_Redis_stops_and_all_works_again_when_it_is_back()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var storage = await TestStorage.CreateAsync(DatabaseDialect.Sqlite, redis.NextConnectionString() + ",asyncTimeout=2000,syncTimeout=2000");
        await using var gateway = await GatewayHost.StartAsync(Yaml(), storage);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        var session = await LegacySession.OpenAsync(alice, gateway);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AnswerAfter(goOn.Task);

        await using (var call = await session.CallAsync("native_echo", meta: new JsonObject { ["progressToken"] = "t" }))
        {
            Assert.That((int)(await call.NextAsync())!["params"]!["progress"]!, Is.EqualTo(1));
            await redis.PauseAsync();
            goOn.SetResult();
            Assert.That((int)(await call.NextAsync())!["params"]!["progress"]!, Is.EqualTo(2));
            Assert.That((string?)(await call.NextAsync())!["result"]!["content"]![0]!["text"], Is.EqualTo("done"));
            Assert.That(await call.NextAsync(), Is.Null);
        }

        await redis.ResumeAsync();
        _server.Intercept = null;
        using var deadline = new CancellationTokenSource(Patience);
        while (!(await alice.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject() })).Headers.ContainsKey("Mcp-Session-Id"))
            await Task.Delay(100, deadline.Token);
        var later = await LegacySession.OpenAsync(alice, gateway);
        var reply = await later.SendAsync("tools/call", new JsonObject { ["name"] = "native_echo", ["arguments"] = new JsonObject { ["message"] = "again" } });
        Assert.That(reply.Text, Does.Contain("again"));
    }

    [Test]
    public async Task Session_of_a_killed_replica_goes_on_at_another_and_the_stream_of_its_call_ends_clearly()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        var yaml = $$"""
            identity: { authorizationServer: { enabled: false }, issuers: [{ issuer: "{{issuer.Issuer}}" }] }
            {{Yaml()}}
            """;
        await using var survivor = await GatewayHost.StartAsync(yaml, storage);
        using var alice = TestPerson.With(survivor, issuer.Token($"{survivor.Url}/mcp"), "client");
        var session = await LegacySession.OpenAsync(alice, survivor);
        var never = new TaskCompletionSource();
        AnswerAfter(never.Task);

        var url = $"http://localhost:{ServerProcess.FreePort()}";
        string seen;
        await using (await GatewayProcess.ServeAsync(
            GatewayProcess.FolderWith(yaml),
            url,
            ("CORTEX__gateway__publicUrl", survivor.Url),
            ("CORTEX__storage__database", storage.Database.Address),
            ("CORTEX__storage__redis", storage.Redis),
            ("CORTEX__vault__keys__0__id", "test"),
            ("CORTEX__vault__keys__0__key", GatewayHost.VaultKey)))
        {
            var message = new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = "orphan",
                ["method"] = "tools/call",
                ["params"] = new JsonObject { ["name"] = "native_echo", ["arguments"] = new JsonObject(), ["_meta"] = new JsonObject { ["progressToken"] = "t" } },
            };
            await using var call = await McpStream.PostAsync(alice, url, message, ("Mcp-Session-Id", session.Id), ("MCP-Protocol-Version", "2025-11-25"));
            Assert.That((int)(await call.NextAsync())!["params"]!["progress"]!, Is.EqualTo(1));
            seen = call.LastEventId;
        }

        _server.Intercept = null;
        var reply = await session.SendAsync("tools/call", new JsonObject { ["name"] = "native_echo", ["arguments"] = new JsonObject { ["message"] = "at once" } });
        Assert.That(reply.Text, Does.Contain("at once"));
        await using var resumed = await TestStream.GetAsync(alice, survivor, session.Id, seen);
        using var deadline = new CancellationTokenSource(Patience);
        while (!resumed.IsEnded)
            await Task.Delay(100, deadline.Token);
        Assert.That((string?)resumed.Events[^1].Message!["id"], Is.EqualTo("orphan"));
        Assert.That((string?)resumed.Events[^1].Message!["error"]!["message"], Does.Contain("check before calling again"));
    }

    private string Yaml() => $$"""
        backends: { native: { kind: mcp, url: "{{_server.Url}}", scopes: { "*": mcp:notes:read } } }
        """;

    /// <summary>Lets the server tell of progress 1 and, when <paramref name="goOn"/> is done, of 2 and the answer.</summary>
    private void AnswerAfter(Task goOn) => _server.Intercept = async (context, next) =>
    {
        if (_server.Requests[^1].RpcMethod != "tools/call")
        {
            await next();
            return;
        }

        var id = JsonNode.Parse(_server.Requests[^1].Body)!["id"]!.ToJsonString();
        context.Response.ContentType = "text/event-stream";
        await SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{id}}},"progress":1}}""");
        await Task.WhenAny(goOn, Task.Delay(Timeout.Infinite, context.RequestAborted));
        await SayAsync($$$"""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{{{id}}},"progress":2}}""");
        await SayAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"done"}]}}""");

        async Task SayAsync(string json)
        {
            await context.Response.WriteAsync($"data: {json}\n\n");
            await context.Response.Body.FlushAsync();
        }
    };
}
