using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Sessions;

/// <summary>Sessions of legacy clients: their level, their expiry, and which of them is the last.</summary>
internal sealed class ClientSessionStoreTests
{
    private static readonly Caller Alice = new(null, "alice", "https://issuer", "id", "hash", ScopeSet.Empty, ScopeSet.Empty, null, DateTimeOffset.MaxValue);

    private static readonly SessionLifetime Lifetime = new(TimeSpan.FromHours(24));

    private FakeTimeProvider _clock = null!;
    private InProcessSharedState _state = null!;
    private ClientSessionPeers _peers = null!;
    private ClientSessionStore _store = null!;

    [SetUp]
    public void SetUp()
    {
        _clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        _state = new InProcessSharedState(_clock, NullLogger<InProcessSharedState>.Instance);
        _peers = new ClientSessionPeers(_state, Lifetime);
        _store = new ClientSessionStore(_state, _peers, Lifetime, _clock);
    }

    [TearDown]
    public async Task TearDownAsync() => await _state.DisposeAsync();

    [Test]
    public async Task Level_stays_with_the_session()
    {
        var session = await OpenAsync();
        Assert.That(session.Level, Is.Null);
        Assert.That(await _store.SetLevelAsync(Alice, session.Id, McpLogLevel.Error, default));
        Assert.That((await _store.FindAsync(Alice, session.Id, default))!.Level, Is.EqualTo(McpLogLevel.Error));
    }

    [Test]
    public async Task Level_of_an_ended_session_is_not_set_and_does_not_revive_it()
    {
        var session = await OpenAsync();
        await _store.EndAsync(Alice, session.Id, default);
        Assert.That(await _store.SetLevelAsync(Alice, session.Id, McpLogLevel.Error, default), Is.False);
        Assert.That(await _store.FindAsync(Alice, session.Id, default), Is.Null);
    }

    [Test]
    public async Task Level_of_another_owners_session_is_not_set()
    {
        var session = await OpenAsync();
        Assert.That(await _store.SetLevelAsync(Alice with { ClientId = "mallory" }, session.Id, McpLogLevel.Debug, default), Is.False);
        Assert.That((await _store.FindAsync(Alice, session.Id, default))!.Level, Is.Null);
    }

    [Test]
    public async Task Session_in_use_outlives_its_lifetime_and_one_left_alone_does_not()
    {
        var used = await OpenAsync();
        var left = await OpenAsync();
        for (var hours = 0; hours < 30; hours += 2)
        {
            _clock.Advance(TimeSpan.FromHours(2));
            Assert.That(await _store.FindAsync(Alice, used.Id, default), Is.Not.Null);
        }

        Assert.That(await _store.FindAsync(Alice, left.Id, default), Is.Null);
    }

    [Test]
    public async Task Idle_timeout_is_the_configured_one()
    {
        _peers = new ClientSessionPeers(_state, new SessionLifetime(TimeSpan.FromMinutes(24)));
        _store = new ClientSessionStore(_state, _peers, new SessionLifetime(TimeSpan.FromMinutes(24)), _clock);
        var used = await OpenAsync();
        var left = await OpenAsync();
        for (var minutes = 0; minutes < 30; minutes += 2)
        {
            _clock.Advance(TimeSpan.FromMinutes(2));
            Assert.That(await _store.FindAsync(Alice, used.Id, default), Is.Not.Null);
        }

        Assert.That(await _store.FindAsync(Alice, left.Id, default), Is.Null);
    }

    [Test]
    public async Task Declared_capabilities_are_kept_raw_and_read_as_what_is_relayed()
    {
        const string declared = """{"roots":{"listChanged":true},"experimental":{"x":{}}}""";
        var opened = await OpenAsync(declared);
        var found = (await _store.FindAsync(Alice, opened.Id, default))!;
        Assert.That(found.Capabilities, Is.EqualTo(declared));
        Assert.That(found.ClientCapabilities, Is.EqualTo(ClientCapabilities.Of("""{"roots":{}}"""u8)));
    }

    [Test]
    public async Task Last_session_to_end_is_told_as_the_last()
    {
        var first = await OpenAsync();
        var second = await OpenAsync();
        Assert.That(await EndAsync(first), Is.False);
        Assert.That(await EndAsync(second), Is.True);
    }

    [Test]
    public async Task Session_with_other_capabilities_is_no_peer()
    {
        var plain = await OpenAsync();
        await OpenAsync("""{"roots":{}}""");
        Assert.That(await EndAsync(plain), Is.True);
    }

    [Test]
    public async Task Session_of_another_owner_is_no_peer()
    {
        var session = await OpenAsync();
        await _store.OpenAsync(Alice with { ClientId = "bob" }, ProtocolVersion.LatestLegacy, "{}", null, default);
        Assert.That(await EndAsync(session), Is.True);
    }

    [Test]
    public async Task Expired_session_does_not_count_as_living()
    {
        await OpenAsync();
        _clock.Advance(Lifetime.Idle - TimeSpan.FromHours(1));
        var later = await OpenAsync();
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.That(await EndAsync(later), Is.True);
    }

    [Test]
    public async Task Session_in_use_for_days_still_counts_when_a_newer_one_ends()
    {
        var old = await OpenAsync();
        for (var hours = 0; hours < 40; hours += 2)
        {
            _clock.Advance(TimeSpan.FromHours(2));
            await _store.FindAsync(Alice, old.Id, default);
        }

        Assert.That(await EndAsync(await OpenAsync()), Is.False);
        Assert.That(await EndAsync(old), Is.True);
    }

    [Test]
    public async Task Beyond_what_is_listed_none_counts_as_the_last_and_the_list_stays_short()
    {
        var sessions = new List<ClientSession>();
        for (var number = 0; number < 1000; number++)
            sessions.Add(await OpenAsync());
        Assert.That(_state.Count, Is.EqualTo(1001));
        foreach (var session in sessions)
            Assert.That(await EndAsync(session), Is.False);
    }

    [Test]
    public async Task Sessions_opened_at_once_all_count()
    {
        var sessions = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => OpenAsync().AsTask())));
        foreach (var session in sessions[1..])
            Assert.That(await EndAsync(session), Is.False);
        Assert.That(await EndAsync(sessions[0]), Is.True);
    }

    [Test]
    public async Task Session_keeps_the_toolset_at_which_it_was_opened_whatever_else_changes()
    {
        Assert.That(ToolsetId.TryParse("support", out var support));
        var opened = await _store.OpenAsync(Alice, ProtocolVersion.LatestLegacy, "{}", support, default);
        await _store.SetLevelAsync(Alice, opened.Id, McpLogLevel.Error, default);

        Assert.That((await _store.FindAsync(Alice, opened.Id, default))!.Toolset, Is.EqualTo(support));
        Assert.That((await _store.FindAsync(Alice, (await OpenAsync()).Id, default))!.Toolset, Is.Null);
    }

    private ValueTask<ClientSession> OpenAsync(string capabilities = "{}") => _store.OpenAsync(Alice, ProtocolVersion.LatestLegacy, capabilities, null, default);

    private async Task<bool> EndAsync(ClientSession session)
    {
        await _store.EndAsync(Alice, session.Id, default);
        return await _peers.LeaveAsync(Alice, session, default);
    }
}
