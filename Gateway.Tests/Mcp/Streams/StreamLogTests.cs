using System.Text;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;
using Cortex.Mcp.Streams;
using Cortex.Sessions;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Foundation.Sealing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Streams;

/// <summary>The kept events of a call while the shared state fails, and how many an owner may have.</summary>
internal sealed class StreamLogTests
{
    private const int Most = 3;

    private static readonly SessionKey Session = new("owner:session");

    private readonly FakeTimeProvider _clock = new();
    private FaultyState _state = null!;
    private StreamLogs _logs = null!;

    [SetUp]
    public void Start()
    {
        _state = new FaultyState(new InProcessSharedState(_clock, NullLogger<InProcessSharedState>.Instance));
        var options = new FixedOptions<GatewayOptions>(new GatewayOptions { Streams = new StreamOptions { KeptPerOwner = Most } });
        _logs = new StreamLogs(
            _state,
            TestKeys.Sealer(TestKeys.Key("k", 1)),
            new SessionSignals(_state, _clock, NullLogger<SessionSignals>.Instance),
            new KeptStreams(_state, options, _clock),
            options,
            _clock,
            NullLogger<StreamLog>.Instance);
    }

    [TearDown]
    public async Task StopAsync() => await _state.DisposeAsync();

    [Test]
    public async Task Events_of_an_outage_are_kept_afterwards_in_order()
    {
        var log = await OpenAsync(Session);
        await AppendAsync(log, "one");
        _state.IsLogDown = true;
        await AppendAsync(log, "two");
        await AppendAsync(log, "three");
        Assert.That(await ReadAsync(log), Is.EqualTo(new[] { "one" }));
        _state.IsLogDown = false;
        await AppendAsync(log, "four");
        Assert.That(await ReadAsync(log), Is.EqualTo(new[] { "one" }), "the shared state is left alone for a moment");
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.That(await log.TryFlushAsync());
        await AppendAsync(log, "five");
        Assert.That(await ReadAsync(log), Is.EqualTo(new[] { "one", "two", "three", "four", "five" }));
    }

    [Test]
    public async Task Answer_at_the_end_of_an_outage_is_kept_at_once()
    {
        var log = await OpenAsync(Session);
        _state.IsLogDown = true;
        await AppendAsync(log, "one");
        _state.IsLogDown = false;
        log.Next();
        await log.AppendAsync("answer"u8.ToArray(), isLast: true, isAway: false);
        Assert.That(await ReadAsync(log), Is.EqualTo(new[] { "one", "answer" }));
    }

    [Test]
    public async Task Outage_that_outgrows_what_is_held_ends_the_log_and_leaves_no_hole()
    {
        var log = await OpenAsync(Session);
        await AppendAsync(log, "one");
        _state.IsLogDown = true;
        for (var i = 0; i < 3; i++)
            await AppendAsync(log, new string('x', StreamLog.MaxHeldBytes / 2));
        _state.IsLogDown = false;
        _clock.Advance(TimeSpan.FromSeconds(3));
        await AppendAsync(log, "after");
        Assert.That(await ReadAsync(log), Is.EqualTo(new[] { "one" }));
        _clock.Advance(StreamLogs.Lease + TimeSpan.FromSeconds(1));
        await log.RenewAsync();
        Assert.That(await _logs.IsRunningAsync(Session, log.Last.Stream, default), Is.False, "who resumes it is told that the call is lost");
    }

    [Test]
    public async Task Owner_has_so_many_kept_streams_and_no_more_until_one_expires()
    {
        for (var i = 0; i < Most; i++)
            Assert.That(await Log(Session).TryOpenAsync());
        Assert.That(await Log(new SessionKey("owner:another session")).TryOpenAsync(), Is.False);
        Assert.That(await Log(new SessionKey("another:session")).TryOpenAsync());
        _clock.Advance(new StreamOptions().ResumeWindow + StreamLogs.Lease);
        Assert.That(await Log(Session).TryOpenAsync());
    }

    [Test]
    public async Task Running_call_holds_its_place()
    {
        var log = await OpenAsync(Session);
        for (var i = 1; i < Most; i++)
            await OpenAsync(Session);
        _clock.Advance(new StreamOptions().ResumeWindow);
        await log.RenewAsync();
        _clock.Advance(new StreamOptions().ResumeWindow);
        for (var i = 1; i < Most; i++)
            await OpenAsync(Session);
        Assert.That(await Log(Session).TryOpenAsync(), Is.False);
    }

    private StreamLog Log(SessionKey session) => _logs.Open(session, "1"u8.ToArray());

    private async Task<StreamLog> OpenAsync(SessionKey session)
    {
        var log = Log(session);
        Assert.That(await log.TryOpenAsync());
        return log;
    }

    private static async Task AppendAsync(StreamLog log, string text)
    {
        log.Next();
        await log.AppendAsync(Encoding.UTF8.GetBytes(text), isLast: false, isAway: false);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(StreamLog log) =>
        [.. (await _logs.ReadAsync(Session, log.Last with { Number = 0 }, default)).Select(entry => Encoding.UTF8.GetString(entry.Frame.Span))];
}
