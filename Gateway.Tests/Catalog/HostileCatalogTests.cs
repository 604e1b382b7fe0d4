using Cortex.Catalog;
using Cortex.Foundation.Observability;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

/// <summary>Catalogs made to break the gateway: they hurt the backend that sends them and nobody else.</summary>
internal sealed class HostileCatalogTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly string Deep = string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100));

    private static readonly string[] Unreadable =
    [
        $$"""{"tools":[{"name":"a","scope":"mcp:evil:read","x":{{Deep}}}]}""",
        """{"tools":[{"name":"\ud800","scope":"mcp:evil:read"}]}""",
        """{"tools":[{"name":"a","scope":"mcp:evil:read","description":"\ud800"}]}""",
        """{"tools":{"name":"a"}}""",
    ];

    [TestCaseSource(nameof(Unreadable))]
    public async Task Catalog_that_can_not_be_read_ends_neither_its_own_loop_nor_the_gateway(string reply)
    {
        await using var evil = await CaptureBackend.StartAsync();
        evil.Reply("list_tools", reply);
        await using var gateway = await GatewayHost.StartAsync($$"""
            include: [backends.d/*.yaml]
            backends: { evil: { url: "{{evil.Url}}" } }
            """, customize: builder => builder.Services.AddSingleton(new CatalogSchedule { FirstRetry = Pause, Interval = Pause, LeastPause = Pause }));
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "openid");
        evil.ListTools(CaptureBackend.Tool("read", "openid"));
        await UntilAsync(async () => (await alice.ModernAsync("tools/list")).ToolNames.Contains("evil_read"));

        await using var good = await CaptureBackend.StartAsync();
        good.ListTools(CaptureBackend.Tool("read", "openid"));
        evil.Reply("list_tools", reply);
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(gateway.ConfigFile)!, "backends.d")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "good.yaml"), $$"""backends: { good: { url: "{{good.Url}}" } }""");
        await UntilAsync(async () => (await alice.ModernAsync("tools/list")).ToolNames.Contains("good_read"));
    }

    [Test]
    public async Task Native_catalog_without_end_is_given_up_at_its_bound_and_not_at_the_deadline()
    {
        await using var evil = await CaptureBackend.StartAsync();
        evil.Handle("server/discover", (context, _) => SendForeverAsync(context, "text/event-stream"));
        evil.Handle("initialize", (context, _) => SendForeverAsync(context, "text/event-stream"));

        await using var gateway = await GatewayHost.StartAsync($$"""
            backends: { evil: { kind: mcp, url: "{{evil.Url}}/mcp", timeout: 30s, maxReplyBytes: 1048576 } }
            """);

        Assert.That(gateway.Get<Readiness>().Current.Parts["backend:evil"].Detail, Does.StartWith("the catalog can't be read").And.Not.Contain("within"));
    }

    [TestCase("application/json")]
    [TestCase("text/event-stream")]
    public async Task Handshake_without_end_is_given_up_at_its_bound_and_not_at_the_deadline(string mediaType)
    {
        await using var native = await NativeServer.StartAsync(NativeEra.LegacyStateful);
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends: { native: { kind: mcp, url: "{{native.Url}}", timeout: 30s } }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:native");
        native.Intercept = (context, _) => SendForeverAsync(context, mediaType);

        var reply = await alice.CallAsync("native_echo");

        Assert.That(reply.Text, Does.Contain("gave no session").And.Contain("more than 1048576 bytes"));
    }

    /// <summary>One line that never ends, as fast as it is taken.</summary>
    private static async Task SendForeverAsync(HttpContext context, string mediaType)
    {
        context.Response.ContentType = mediaType;
        var chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'a');
        await context.Response.WriteAsync(mediaType == "application/json" ? "\"" : "data: \"");
        while (!context.RequestAborted.IsCancellationRequested)
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }
}
