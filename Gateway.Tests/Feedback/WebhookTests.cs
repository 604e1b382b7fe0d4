using System.Net;
using System.Text.Json;
using Cortex.Feedback;
using Cortex.Feedback.Triage;
using Cortex.Feedback.Webhook;
using Cortex.Foundation.Model;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Feedback;

/// <summary>Events about blocking tickets: from the database to a receiver that comes and goes.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class WebhookTests(DatabaseDialect dialect)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly GuardedHttpClients _clients = new(Dns.GetHostAddressesAsync);
    private TestDatabase _database = null!;
    private WebhookReceiver _receiver = null!;
    private TicketsOptions _options = null!;
    private FeedbackReplica _replica = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateMigratedAsync(dialect);
        _receiver = await WebhookReceiver.StartAsync(_time);
        _options = new TicketsOptions { Webhook = new TicketWebhookOptions { Url = _receiver.Url + "/hook", Secret = new Secret(WebhookReceiver.SecretText) } };
        _replica = new FeedbackReplica(_database.Database, _time, _options);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _replica.Dispose();
        await _receiver.DisposeAsync();
        await _database.DisposeAsync();
    }

    [OneTimeTearDown]
    public void End() => _clients.Dispose();

    [Test]
    public async Task New_blocking_ticket_is_told_once_signed_and_without_a_word_about_its_reporter()
    {
        await _replica.ReportAsync("ann", "export notes as PDF");
        var ticket = await _replica.ReportAsync("bob", "export notes as PDF", severity: Severity.Blocking);
        await _replica.ReportAsync("bob", "export notes as PDF", severity: Severity.Blocking);

        using var worker = Worker();
        while (await worker.SendNextAsync(default))
        {
        }

        var (_, body) = _receiver.Received.Single();
        var data = JsonDocument.Parse(body).RootElement.GetProperty("data");
        Assert.That(data.GetProperty("ticketId").GetString(), Is.EqualTo(ticket.Id.Value));
        Assert.That(data.GetProperty("newNeed").GetBoolean(), Is.False);
        Assert.That(body, Does.Not.Contain("bob").And.Not.Contain("ann").And.Not.Contain("client"));
    }

    [Test]
    public async Task Ticket_that_becomes_blocking_is_told()
    {
        await _replica.ReportAsync("ann", "export notes as PDF");
        await _replica.ReportAsync("ann", "export notes as PDF", severity: Severity.Blocking);
        using var worker = Worker();

        Assert.That(await worker.SendNextAsync(default));
        Assert.That(_receiver.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Receiver_that_is_down_for_a_minute_and_a_restart_in_between_lose_nothing()
    {
        var port = _receiver.Port;
        await _receiver.DisposeAsync();
        await _replica.ReportAsync("ann", "export notes as PDF", severity: Severity.Blocking);
        var ends = _time.GetUtcNow() + TimeSpan.FromMinutes(1);
        using (var worker = Worker())
        {
            for (; _time.GetUtcNow() < ends; _time.Advance(TimeSpan.FromSeconds(5)))
                await worker.SendNextAsync(default);
        }

        _receiver = await WebhookReceiver.StartAsync(_time, port);
        using var restarted = Worker();
        for (var i = 0; i < 30 && _receiver.Received.Count == 0; i++, _time.Advance(TimeSpan.FromSeconds(5)))
            await restarted.SendNextAsync(default);

        Assert.That(_receiver.Received, Has.Count.EqualTo(1));
        Assert.That(await restarted.SendNextAsync(default), Is.False);
    }

    [Test]
    public async Task Event_that_a_dying_replica_claimed_is_taken_over()
    {
        await _replica.ReportAsync("ann", "export notes as PDF", severity: Severity.Blocking);
        Assert.That(await new WebhookOutbox(_database.Database, _time).ClaimAsync(default), Is.Not.Null);
        using var worker = Worker();

        Assert.That(await worker.SendNextAsync(default), Is.False);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await worker.SendNextAsync(default));
        Assert.That(_receiver.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Replicas_send_each_event_once()
    {
        for (var i = 0; i < 12; i++)
            await _replica.ReportAsync("ann", $"wish number {i}", severity: Severity.Blocking);
        using var second = _database.OpenAgain();
        using var one = Worker();
        using var other = Worker(second);

        await Task.WhenAll(new[] { one, other, one, other }.Select(worker => Task.Run(async () =>
        {
            while (await worker.SendNextAsync(default))
            {
            }
        })));

        Assert.That(_receiver.Received.Select(received => received.Id), Is.Unique.And.Exactly(12).Items);
    }

    [Test]
    public async Task Wait_that_the_receiver_asks_for_is_kept()
    {
        _receiver.Answer = response => (response.StatusCode, response.Headers.RetryAfter) = (503, "600");
        await _replica.ReportAsync("ann", "export notes as PDF", severity: Severity.Blocking);
        using var worker = Worker();

        Assert.That(await worker.SendNextAsync(default));
        _time.Advance(TimeSpan.FromSeconds(599));
        Assert.That(await worker.SendNextAsync(default), Is.False);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await worker.SendNextAsync(default));
    }

    [Test]
    public async Task Event_is_given_up_after_a_day_and_an_operator_has_it_sent_again()
    {
        _receiver.Answer = response => response.StatusCode = 500;
        await _replica.ReportAsync("ann", "export notes as PDF", severity: Severity.Blocking);
        using var worker = Worker();
        var outbox = new WebhookOutbox(_database.Database, _time);
        var letters = new DeadLetters(outbox, worker, new FixedOptions<TicketsOptions>(_options));
        for (var i = 0; i < 200 && (await letters.ListAsync(null, 10, default)).Count == 0; i++, _time.Advance(TimeSpan.FromMinutes(20)))
            await worker.SendNextAsync(default);

        var dead = (await letters.ListAsync(null, 10, default)).Single();
        Assert.That(dead.Error, Is.EqualTo("The receiver answered 500."));
        Assert.That(dead.Attempts, Is.GreaterThan(5));
        Assert.That(await letters.RetryAsync("msg_unknown", default), Is.False);

        _receiver.Answer = response => response.StatusCode = 200;
        Assert.That(await letters.RetryAsync(dead.Id, default));
        Assert.That(await worker.SendNextAsync(default));
        Assert.That(await letters.ListAsync(null, 10, default), Is.Empty);
        Assert.That(_receiver.Received.Select(received => received.Id).Distinct(), Is.EqualTo(new[] { dead.Id }));
    }

    [Test]
    public async Task Receiver_that_is_gone_for_good_is_not_asked_again()
    {
        _receiver.Answer = response => response.StatusCode = 410;
        await _replica.ReportAsync("ann", "export notes as PDF", severity: Severity.Blocking);
        using var worker = Worker();
        await worker.SendNextAsync(default);

        Assert.That(await new WebhookOutbox(_database.Database, _time).DeadLettersAsync(null, 10, default), Has.Count.EqualTo(1));
    }

    [Test]
    public void Waits_double_with_some_chance_up_to_six_hours()
    {
        var delivery = new WebhookDelivery { GiveUpAt = long.MaxValue / 1_000_000 };
        var now = DateTimeOffset.UnixEpoch;
        TimeSpan WaitOf(int attempts, double jitter) => WebhookRetry.Next(delivery with { Attempts = attempts }, TimeSpan.FromSeconds(5), null, now, jitter)!.Value - now;

        Assert.That(WaitOf(1, 0), Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(WaitOf(1, 1), Is.EqualTo(TimeSpan.FromSeconds(6)));
        Assert.That(WaitOf(4, 0.5), Is.EqualTo(TimeSpan.FromSeconds(40)));
        Assert.That(WaitOf(1_000, 0.5), Is.EqualTo(TimeSpan.FromHours(6)));
    }

    private WebhookWorker Worker(Database? database = null) => new(
        new WebhookOutbox(database ?? _database.Database, _time), new WebhookSender(_clients, _time), new FixedOptions<TicketsOptions>(_options), _time, NullLogger<WebhookWorker>.Instance);
}
