using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Streams;

/// <summary>What ends a stream, and how its client is told.</summary>
internal sealed class StreamEndTests
{
    private CaptureBackend _notes = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _notes = await CaptureBackend.StartAsync();
        _notes.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("write", "mcp:notes:write"));
    }

    [OneTimeTearDown]
    public ValueTask StopAsync() => _notes.DisposeAsync();

    [Test]
    public async Task Stream_ends_when_the_access_token_does([Values] bool modern)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayHost.StartAsync(Yaml(), customize: builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        await using var stream = await OpenAsync(gateway, alice, modern);
        await stream.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(5));
            return stream.IsEnded;
        });
        AssertEnd(stream, modern, "access token has ended");
    }

    [Test]
    public async Task Stream_ends_when_the_gateway_stops([Values] bool modern)
    {
        await using var gateway = await GatewayHost.StartAsync(Yaml());
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        await using var stream = await OpenAsync(gateway, alice, modern);
        await gateway.App.StopAsync();
        await stream.UntilAsync(() => stream.IsEnded);
        AssertEnd(stream, modern, "shuts down");
    }

    [Test]
    public async Task Stream_ends_when_a_reload_changes_what_its_caller_may_see([Values] bool modern)
    {
        await using var gateway = await GatewayHost.StartAsync(Yaml(plan: "[\"mcp:notes:read\", \"mcp:notes:write\"]"));
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read mcp:notes:write");
        await using var stream = await OpenAsync(gateway, alice, modern);
        await File.WriteAllTextAsync(gateway.ConfigFile, Yaml(plan: "[\"mcp:notes:read\"]"));
        await stream.UntilAsync(() => stream.IsEnded);
        AssertEnd(stream, modern, "plan has changed");
    }

    [Test]
    public async Task Stream_is_recorded_at_its_end([Values] bool modern)
    {
        await using var gateway = await GatewayHost.StartAsync(Yaml());
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        await using (var stream = await OpenAsync(gateway, alice, modern))
            Assert.That(stream.Status, Is.EqualTo(200));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await CountAsync(gateway, modern ? "method = 'subscriptions/listen'" : "detail LIKE 'the stream of a session%'") == 0)
            await Task.Delay(50, deadline.Token);
    }

    private static async Task<long> CountAsync(GatewayHost gateway, string condition)
    {
        await using var connection = await gateway.Storage.Database.Database.OpenAsync(CancellationToken.None);
        return await connection.QuerySingleAsync<long>($"SELECT COUNT(*) FROM audit WHERE outcome = 'ok' AND {condition}");
    }

    private static async Task<TestStream> OpenAsync(GatewayHost gateway, TestPerson person, bool modern)
    {
        var stream = modern
            ? await TestStream.ListenAsync(person, gateway, new JsonObject { ["toolsListChanged"] = true })
            : await TestStream.GetAsync(person, gateway, await SessionStreamTests.OpenSessionAsync(person));
        await stream.UntilAsync(() => stream.Events.Count > 0);
        return stream;
    }

    private static void AssertEnd(TestStream stream, bool modern, string reason)
    {
        Assert.That(stream.Comments[^1], Does.Contain(reason));
        if (!modern)
            return;
        var last = stream.Events[^1].Message!;
        Assert.That((string)last["id"]!, Is.EqualTo("sub-1"));
        Assert.That((string)last["result"]!["resultType"]!, Is.EqualTo("complete"));
        Assert.That((string)last["result"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!, Is.EqualTo("sub-1"));
    }

    private string Yaml(string? plan = null) => $$"""
        gateway: { streams: { keepAlive: 1s } }
        {{(plan is null ? "" : $"identity: {{ plans: {{ basic: {plan} }}, defaultPlan: basic }}")}}
        backends: { notes: { url: "{{_notes.Url}}" } }
        """;
}
