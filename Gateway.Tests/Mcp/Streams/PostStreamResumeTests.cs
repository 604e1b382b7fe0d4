using System.Text;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Streams;
using Cortex.Sessions;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Foundation.Sealing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Streams;

/// <summary>What a client finds that comes back to a stream whose replica is gone.</summary>
internal sealed class PostStreamResumeTests
{
    [Test]
    public async Task Call_of_a_replica_that_died_ends_with_an_error_under_the_clients_id()
    {
        var clock = new FakeTimeProvider();
        await using var state = new InProcessSharedState(clock, NullLogger<InProcessSharedState>.Instance);
        var signals = new SessionSignals(state, clock, NullLogger<SessionSignals>.Instance);
        var options = new FixedOptions<GatewayOptions>(new GatewayOptions());
        var logs = new StreamLogs(state, TestKeys.Sealer(TestKeys.Key("k", 1)), signals, new KeptStreams(state, options, clock), options, clock, NullLogger<StreamLog>.Instance);
        var caller = new Caller(null, "client", "issuer", "id", "hash", ScopeSet.Of(), ScopeSet.Of(), null, DateTimeOffset.MaxValue);
        var session = new ClientSession(SessionId.New(), ProtocolVersion.V20251125, "{}", null, clock.GetUtcNow());
        var log = logs.Open(SessionKey.Of(caller, session.Id), "\"call-9\""u8.ToArray());
        await log.RenewAsync();
        log.Next();
        await log.AppendAsync("id: x\ndata: {\"seen\":1}\n\n"u8.ToArray(), isLast: false, isAway: false);

        clock.Advance(StreamLogs.Lease + TimeSpan.FromSeconds(1));
        await using var database = await TestDatabase.CreateAsync(DatabaseDialect.Sqlite);
        using var standings = new PersonStandings(database.Database, state, new StandingListeners(), clock, NullLogger<PersonStandings>.Instance);
        var resume = new PostStreamResume(logs, signals, Access(standings, clock), options, clock, NullLogger<EventStreamWriter>.Instance);
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
        using var body = new MemoryStream();
        http.Response.Body = body;
        var first = log.Last with { Number = 0 };
        Assert.That(await resume.TryResumeAsync(http, caller, session, first.ToString(), CancellationToken.None));
        var text = Encoding.UTF8.GetString(body.ToArray());
        Assert.That(text, Does.StartWith("id: x\ndata: {\"seen\":1}\n\n"));
        Assert.That(text, Does.Contain("\"id\":\"call-9\"").And.Contain("check before calling again"));
        Assert.That(text, Does.Contain($"id: {log.Last with { Number = 2 }}"));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.That(await resume.TryResumeAsync(new DefaultHttpContext(), caller, session, first.ToString(), CancellationToken.None), Is.False, "after the window nothing is known of it");
    }

    [Test]
    public async Task Stream_whose_oldest_events_are_no_longer_kept_is_resumed_where_nothing_is_missing_and_nowhere_else()
    {
        var clock = new FakeTimeProvider();
        await using var state = new InProcessSharedState(clock, NullLogger<InProcessSharedState>.Instance);
        var signals = new SessionSignals(state, clock, NullLogger<SessionSignals>.Instance);
        var options = new FixedOptions<GatewayOptions>(new GatewayOptions());
        var logs = new StreamLogs(
            state, TestKeys.Sealer(TestKeys.Key("k", 1)), signals, new KeptStreams(state, options, clock), options, clock, NullLogger<StreamLog>.Instance);
        var caller = new Caller(null, "client", "issuer", "id", "hash", ScopeSet.Of(), ScopeSet.Of(), null, DateTimeOffset.MaxValue);
        var session = new ClientSession(SessionId.New(), ProtocolVersion.V20251125, "{}", null, clock.GetUtcNow());
        var log = logs.Open(SessionKey.Of(caller, session.Id), "1"u8.ToArray());
        await log.TryOpenAsync();
        for (var i = 1; i <= StreamLog.MaxEntries + 1; i++)
        {
            log.Next();
            await log.AppendAsync(Encoding.UTF8.GetBytes($"data: {i}\n\n"), isLast: i > StreamLog.MaxEntries, isAway: false);
        }

        await using var database = await TestDatabase.CreateAsync(DatabaseDialect.Sqlite);
        using var standings = new PersonStandings(database.Database, state, new StandingListeners(), clock, NullLogger<PersonStandings>.Instance);
        Assert.That(await ResumeAsync(0), Is.Null);
        Assert.That(await ResumeAsync(1), Does.StartWith("data: 2\n\n").And.EndWith($"data: {StreamLog.MaxEntries + 1}\n\n"));

        async Task<string?> ResumeAsync(long number)
        {
            var resume = new PostStreamResume(logs, signals, Access(standings, clock), options, clock, NullLogger<EventStreamWriter>.Instance);
            var http = new DefaultHttpContext();
            http.Features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
            using var body = new MemoryStream();
            http.Response.Body = body;
            var id = log.Last with { Number = number };
            return await resume.TryResumeAsync(http, caller, session, id.ToString(), CancellationToken.None) ? Encoding.UTF8.GetString(body.ToArray()) : null;
        }
    }

    private static StreamAccess Access(PersonStandings standings, TimeProvider clock)
    {
        using var services = new ServiceCollection().AddOptions().BuildServiceProvider();
        var policy = new EntitlementPolicy(services.GetRequiredService<IOptionsMonitor<IdentityOptions>>());
        return new StreamAccess(new CallerEntitlements(policy, standings), new TokenCache(clock), new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), clock);
    }
}
