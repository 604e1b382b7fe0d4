using System.Text.Json.Nodes;
using Cortex.Catalog;
using Cortex.Mcp.Streams;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Streams;

/// <summary>The GET stream of a legacy session. <see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports"/></summary>
internal sealed class SessionStreamTests
{
    private const string ToolsChanged = "notifications/tools/list_changed";

    private CaptureBackend _notes = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;
    private TestPerson _bob = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _notes = await CaptureBackend.StartAsync();
        Offer("read");
        _gateway = await GatewayHost.StartAsync(
            $$"""
            gateway: { streams: { keepAlive: 1s, retryAfter: 2s } }
            backends: { notes: { url: "{{_notes.Url}}" } }
            """,
            customize: builder => builder.Services.AddSingleton(new CatalogSchedule { Interval = TimeSpan.FromMilliseconds(100) }));
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read");
        _bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:notes:audit");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        _bob.Dispose();
        await _gateway.DisposeAsync();
        await _notes.DisposeAsync();
    }

    [TestCase("2025-03-26", false)]
    [TestCase("2025-06-18", false)]
    [TestCase("2025-11-25", true)]
    public async Task Get_opens_a_stream_with_a_priming_event_for_those_who_know_it(string version, bool isPrimed)
    {
        var session = await OpenSessionAsync(_alice, version);
        await using var stream = await TestStream.GetAsync(_alice, _gateway, session, version: version);
        Assert.That(stream.Status, Is.EqualTo(200));
        Assert.That(stream.Response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(stream.Response.Headers.CacheControl!.NoCache);
        Assert.That(stream.Response.Headers.GetValues("X-Accel-Buffering"), Is.EqualTo(["no"]));
        await stream.UntilAsync(() => stream.Comments.Contains("keep-alive"));
        Assert.That(stream.Events.Select(item => (item.Retry, item.Data)), Is.EqualTo(isPrimed ? [("2000", "")] : Array.Empty<(string?, string)>()));
        if (isPrimed)
            Assert.That(stream.Events[0].Id, Does.StartWith("g").And.Length.LessThan(100));
    }

    [TestCase(null, "2025-11-25", "text/event-stream", 400)]
    [TestCase("unknown", "2025-11-25", "text/event-stream", 404)]
    [TestCase("mine", "2025-99-99", "text/event-stream", 400)]
    [TestCase("mine", "2026-07-28", "text/event-stream", 405)]
    [TestCase("mine", "2025-11-25", "application/json", 406)]
    public async Task Get_without_what_it_needs_is_refused(string? session, string version, string accept, int status)
    {
        var id = session == "mine" ? await OpenSessionAsync(_alice) : session;
        await using var stream = await TestStream.GetAsync(_alice, _gateway, id, version: version, accept: accept);
        Assert.That(stream.Status, Is.EqualTo(status));
        Assert.That(stream.Response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        if (status == 405)
            Assert.That(stream.Response.Content.Headers.Allow, Is.EqualTo(["POST"]));
    }

    [Test]
    public async Task Stream_of_another_persons_session_is_not_found()
    {
        var session = await OpenSessionAsync(_alice);
        await using var stream = await TestStream.GetAsync(_bob, _gateway, session);
        Assert.That(stream.Status, Is.EqualTo(404));
    }

    [Test]
    public async Task Stream_of_a_call_that_is_gone_can_not_be_resumed()
    {
        var session = await OpenSessionAsync(_alice);
        await using var stream = await TestStream.GetAsync(_alice, _gateway, session, "abc-7");
        Assert.That(stream.Status, Is.EqualTo(400));
        Assert.That(await stream.Response.Content.ReadAsStringAsync(), Does.Contain("call again"));
    }

    [Test]
    public async Task Changed_list_is_told_to_those_who_see_the_change_alone([Values] bool modern)
    {
        Offer("read");
        await SeeAsync(_alice, "notes_read");
        await SeeAsync(_bob, "notes_log");
        await using var alices = await OpenAsync(_alice, modern);
        await using var bobs = await OpenAsync(_bob, modern);
        Offer("read", "write");
        await alices.UntilAsync(ToolsChanged);
        Offer("read", "write", "audit");
        await bobs.UntilAsync(ToolsChanged);
        Assert.That(bobs.Methods.Count(method => method == ToolsChanged), Is.EqualTo(1));
        Assert.That(alices.Methods.Count(method => method == ToolsChanged), Is.EqualTo(1));
        Assert.That(alices.Methods, Has.No.Member("notifications/prompts/list_changed").And.No.Member("notifications/resources/list_changed"));
    }

    [Test]
    public async Task Resumed_stream_tells_what_changed_since_its_last_event_and_no_more()
    {
        Offer("read");
        await SeeAsync(_alice, "notes_read");
        var session = await OpenSessionAsync(_alice);
        string id;
        await using (var first = await TestStream.GetAsync(_alice, _gateway, session))
        {
            await first.UntilAsync(() => first.Events.Count > 0);
            id = first.Events[0].Id!;
        }

        await using (var same = await TestStream.GetAsync(_alice, _gateway, session, id))
        {
            await same.UntilAsync(() => same.Comments.Contains("keep-alive"));
            Assert.That(same.Methods, Is.Empty);
        }

        Offer("read", "write");
        await SeeAsync(_alice, "notes_read", "notes_write");
        await using var later = await TestStream.GetAsync(_alice, _gateway, session, id);
        await later.UntilAsync(ToolsChanged);
        await later.UntilAsync(() => later.Comments.Contains("keep-alive"));
        Assert.That(later.Methods, Is.EqualTo([ToolsChanged]));
        Assert.That(later.Events.Select(item => item.Id), Is.Unique);
        await using var forged = await TestStream.GetAsync(_alice, _gateway, session, "gnonsense");
        await forged.UntilAsync(() => forged.Methods.Count == 3);
    }

    [Test]
    public async Task Ended_session_ends_its_stream()
    {
        var session = await OpenSessionAsync(_alice);
        await using var stream = await TestStream.GetAsync(_alice, _gateway, session);
        await DeleteAsync(_alice, session);
        await stream.UntilAsync(() => stream.IsEnded);
        Assert.That(stream.Comments[^1], Does.Contain("session has ended"));
    }

    [Test]
    public async Task Of_two_streams_of_a_session_the_newest_alone_is_told_until_it_closes()
    {
        Offer("read");
        await SeeAsync(_alice, "notes_read");
        var session = await OpenSessionAsync(_alice);
        await using var first = await TestStream.GetAsync(_alice, _gateway, session);
        await first.UntilAsync(() => first.Events.Count > 0);
        await using (var second = await TestStream.GetAsync(_alice, _gateway, session))
        {
            await second.UntilAsync(() => second.Events.Count > 0);
            Offer("read", "write");
            await second.UntilAsync(ToolsChanged);
            await first.UntilAsync(() => first.Comments.Contains("keep-alive"));
            Assert.That(second.Methods.Concat(first.Methods), Is.EqualTo([ToolsChanged]));
        }

        // The first takes over as soon as the gateway has noticed that the second is gone.
        var isMore = false;
        await first.UntilAsync(() =>
        {
            Offer(isMore ? ["read", "write"] : ["read"]);
            isMore = !isMore;
            return first.Methods.Contains(ToolsChanged);
        });
    }

    [Test]
    public async Task More_than_a_hundred_streams_of_one_client_are_refused()
    {
        using var carol = await TestPerson.SignInAsync(_gateway, "carol@example.com", "mcp:notes:read");
        var streams = new List<TestStream>();
        for (var i = 0; i < OpenStreams.MaxPerOwner; i++)
            streams.Add(await TestStream.ListenAsync(carol, _gateway, new JsonObject()));
        await using var modern = await TestStream.ListenAsync(carol, _gateway, new JsonObject());
        await using var legacy = await TestStream.GetAsync(carol, _gateway, await OpenSessionAsync(carol));
        await using var others = await TestStream.ListenAsync(_alice, _gateway, new JsonObject());
        Assert.That((modern.Status, legacy.Status, others.Status), Is.EqualTo((429, 429, 200)));
        Assert.That(legacy.Response.Headers.RetryAfter, Is.Not.Null);
        foreach (var stream in streams)
            await stream.DisposeAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var status = 429; status != 200; await Task.Delay(20, deadline.Token))
        {
            await using var again = await TestStream.ListenAsync(carol, _gateway, new JsonObject());
            status = again.Status;
        }
    }

    internal static async Task<string> OpenSessionAsync(TestPerson person, string version = "2025-11-25")
    {
        var reply = await person.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = version, ["capabilities"] = new JsonObject() }, version: version);
        return reply.Headers["Mcp-Session-Id"];
    }

    internal static async Task DeleteAsync(TestPerson person, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri("/mcp", UriKind.Relative));
        request.Headers.Add("Mcp-Session-Id", session);
        using var reply = await person.Http.SendAsync(request);
        Assert.That((int)reply.StatusCode, Is.EqualTo(204));
    }

    private async Task<TestStream> OpenAsync(TestPerson person, bool modern)
    {
        var stream = modern
            ? await TestStream.ListenAsync(person, _gateway, new JsonObject { ["toolsListChanged"] = true })
            : await TestStream.GetAsync(person, _gateway, await OpenSessionAsync(person));
        await stream.UntilAsync(() => stream.Events.Count > 0);
        return stream;
    }

    private static async Task SeeAsync(TestPerson person, params string[] tools)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await person.ModernAsync("tools/list")).ToolNames.SequenceEqual(tools))
            await Task.Delay(20, deadline.Token);
    }

    private void Offer(params string[] tools) =>
        _notes.ListTools([CaptureBackend.Tool("log", "mcp:notes:audit"), .. tools.Select(tool => CaptureBackend.Tool(tool, tool == "audit" ? "mcp:notes:audit" : "mcp:notes:read"))]);
}
