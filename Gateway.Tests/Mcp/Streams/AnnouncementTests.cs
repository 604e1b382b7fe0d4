using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Streams;

/// <summary>What native servers announce, and what they may do wrong at it.</summary>
internal sealed class AnnouncementTests
{
    [Test]
    public async Task Announced_change_reaches_clients_of_both_eras_from_servers_of_both_eras([Values] bool isServerModern, [Values] bool modern)
    {
        await using var server = await ConformanceServer.StartAsync(refusesModern: !isServerModern);
        await using var gateway = await GatewayHost.StartAsync($$"""backends: { test: { kind: mcp, url: "{{server.Url}}" } }""");
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:test");
        await using var stream = modern
            ? await TestStream.ListenAsync(alice, gateway, new JsonObject { ["toolsListChanged"] = true })
            : await TestStream.GetAsync(alice, gateway, await SessionStreamTests.OpenSessionAsync(alice));
        await stream.UntilAsync(() => stream.Events.Count > 0);

        // The gateway listens to the server a moment after it has read its catalog.
        var method = isServerModern ? "subscriptions/listen" : "notifications/initialized";
        await stream.UntilAsync(() => server.Calls(method).Count > 0);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!stream.Methods.Contains("notifications/tools/list_changed"))
        {
            server.Lists.ChangeTools();
            await Task.Delay(500, deadline.Token);
        }

        var asGateway = server.Calls(method)[^1].Token!;
        Assert.That(asGateway.Subject, Is.EqualTo("cortex-gateway"), "no person's credential is used to listen for the catalog");
    }

    [Test]
    public async Task Server_without_such_streams_is_let_be_and_stays_ready()
    {
        await using var server = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        var gets = 0;
        server.Intercept = async (context, next) =>
        {
            if (HttpMethods.IsGet(context.Request.Method))
            {
                Interlocked.Increment(ref gets);
                context.Response.StatusCode = 405;
                return;
            }

            await AnnounceListChangesAsync(context, next);
        };
        await using var gateway = await GatewayHost.StartAsync($$"""backends: { native: { kind: mcp, url: "{{server.Url}}" } }""");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Volatile.Read(ref gets) == 0)
            await Task.Delay(20, deadline.Token);
        while (server.Requests.Count(request => request.Method == "DELETE") < 2)
            await Task.Delay(20, deadline.Token);
        Assert.That(gets, Is.EqualTo(1), "a server that says no is not asked again");
        await gateway.WaitForBackendAsync("native");
    }

    /// <summary>Lets the server claim that it announces changes of its tools.</summary>
    private static async Task AnnounceListChangesAsync(HttpContext context, Func<Task> next)
    {
        var body = context.Response.Body;
        using var held = new MemoryStream();
        context.Response.Body = held;
        await next();
        context.Response.Body = body;
        var text = System.Text.Encoding.UTF8.GetString(held.ToArray()).Replace("\"tools\":{", "\"tools\":{\"listChanged\":true", StringComparison.Ordinal);
        await body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
