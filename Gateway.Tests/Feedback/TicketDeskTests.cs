using Cortex.Feedback;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Feedback;

/// <summary>Reports in a running gateway, and backends that keep tickets of their own.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class TicketDeskTests(DatabaseDialect dialect)
{
    private CaptureBackend _owner = null!;
    private CaptureBackend _other = null!;
    private WebhookReceiver _receiver = null!;
    private GatewayHost _gateway = null!;
    private string _secretFile = "";
    private int _callers;

    private TicketDesk Desk => _gateway.Get<TicketDesk>();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _owner = await CaptureBackend.StartAsync();
        _owner.ListTools(
            CaptureBackend.Tool("list", "mcp:notes:read"),
            CaptureBackend.Tool("report_missing_capability", "mcp:notes:read"),
            CaptureBackend.Tool("list_tickets", "mcp:notes:read"));
        _other = await CaptureBackend.StartAsync();
        _other.ListTools(CaptureBackend.Tool("send", "mcp:mail:send"));
        _receiver = await WebhookReceiver.StartAsync(TimeProvider.System);
        _secretFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(_secretFile, WebhookReceiver.SecretText);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            backends:
              notes: { kind: contract, url: "{{_owner.Url}}", timeout: 5s }
              mail: { kind: contract, url: "{{_other.Url}}" }
            tickets:
              reportsPerHour: 5
              backendTimeout: 2s
              webhook: { url: "{{_receiver.Url}}/", secret: "${file:{{_secretFile}}}" }
            """,
            dialect: dialect);
    }

    [SetUp]
    public void Reset()
    {
        _owner.Reply("report_missing_capability", """{"ticketId": "N-1", "status": "new"}""");
        _owner.Reply("list_tickets", """{"tickets": []}""");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _other.DisposeAsync();
        await _owner.DisposeAsync();
        File.Delete(_secretFile);
    }

    [Test]
    public async Task Report_is_acknowledged_listed_and_refreshed()
    {
        var caller = NewCaller();
        var first = await ReportAsync(caller, "export mail as PDF", app: "mail");
        var second = await ReportAsync(caller, "Exporting mails as PDF", app: "Mail");

        Assert.That((second.TicketId, second.Deduplicated, second.Backend?.Value), Is.EqualTo((first.TicketId, true, "mail")));
        Assert.That(first.AckMessage, Does.StartWith("Thank you"));
        var listed = (await Desk.ListAsync(caller, null, 50, default)).Tickets.Single();
        Assert.That((listed.TicketId, listed.Status, listed.Reports, listed.Backend), Is.EqualTo((first.TicketId.Value, "open", 2L, "mail")));
    }

    [Test]
    public async Task Ticket_of_another_person_or_of_a_machine_can_not_be_had_by_its_id()
    {
        var receipt = await ReportAsync(NewCaller(), "export mail as PDF", app: "mail");
        var machine = NewCaller() with { Person = null };

        Assert.That(await Desk.FindAsync(NewCaller(), receipt.TicketId, default), Is.Null);
        Assert.That(await Desk.FindAsync(machine, receipt.TicketId, default), Is.Null);
        Assert.That((await Desk.ListAsync(machine, null, 50, default)).Tickets, Is.Empty);
    }

    [Test]
    public async Task Ticket_about_a_tool_goes_to_the_backend_that_keeps_tickets_with_the_callers_own_credential()
    {
        _owner.Reply("report_missing_capability", """{"ticketId": "N-77", "status": "received"}""");
        _owner.Reply("list_tickets", """{"tickets": [{"id": "N-77", "status": "planned"}, {"id": "N-3", "status": "done", "title": "Older wish", "resolution": "Use list."}]}""");
        var caller = NewCaller();
        var receipt = await ReportAsync(caller, "list the notes of an archived folder", tool: "notes_list");
        await WaitUntilAsync(async () => (await Desk.FindAsync(caller, receipt.TicketId, default))?.BackendTicketId == "N-77");

        var call = _owner.Calls("report_missing_capability").Last(request => request.Body.Contains(receipt.TicketId.Value, StringComparison.Ordinal));
        Assert.That(call.Token!.Subject, Is.EqualTo(caller.Subject));
        Assert.That(call.Json.GetProperty("params").GetProperty("contextTool").GetString(), Is.EqualTo("list"));
        var listed = await Desk.ListAsync(caller, null, 50, default);
        Assert.That(listed.Tickets.Select(ticket => (ticket.TicketId, ticket.Backend, ticket.Status, ticket.Resolution)), Is.EqualTo(new[]
        {
            (receipt.TicketId.Value, (string?)"notes", (string?)"planned", (string?)null),
            ("N-3", "notes", "done", "Use list."),
        }));
    }

    [Test]
    public async Task Backend_that_fails_loses_no_ticket_and_gets_it_when_it_is_back()
    {
        _owner.Reply("report_missing_capability", 500, """{"error": "Down."}""");
        _owner.Reply("list_tickets", 500, """{"error": "Down."}""");
        var caller = NewCaller();
        var receipt = await ReportAsync(caller, "pin a note", app: "notes");
        await WaitUntilAsync(() => Task.FromResult(_owner.Calls("report_missing_capability").Any(call => call.Body.Contains(receipt.TicketId.Value, StringComparison.Ordinal))));

        var listed = await Desk.ListAsync(caller, null, 50, default);
        Assert.That(listed.Tickets.Single().TicketId, Is.EqualTo(receipt.TicketId.Value));
        Assert.That(listed.Notes.Single(), Does.Contain("'notes'").And.Contain("500"));

        _owner.Reply("report_missing_capability", """{"ticketId": "N-9"}""");
        await WaitUntilAsync(async () =>
        {
            await Desk.ListAsync(caller, null, 50, default);
            return (await Desk.FindAsync(caller, receipt.TicketId, default))?.BackendTicketId == "N-9";
        });
    }

    [Test]
    public async Task Caller_without_the_scope_neither_learns_of_the_backend_nor_reaches_it()
    {
        var caller = NewCaller("mcp:mail:send");
        var receipt = await ReportAsync(caller, "sort notes by colour", tool: "notes_list", app: "notes");

        Assert.That(receipt.Backend, Is.Null);
        Assert.That(receipt.AckMessage, Does.Not.Contain("passed"));
        var before = _owner.Calls("list_tickets").Count;
        Assert.That((await Desk.ListAsync(caller, null, 50, default)).Tickets, Has.Count.EqualTo(1));
        Assert.That(_owner.Calls("list_tickets"), Has.Count.EqualTo(before));
    }

    [Test]
    public async Task Blocking_ticket_is_told_to_the_webhook()
    {
        var receipt = await ReportAsync(NewCaller(), "send a mail with an attachment", app: "mail", severity: Severity.Blocking);
        await WaitUntilAsync(() => Task.FromResult(_receiver.Received.Any(received => received.Body.Contains(receipt.TicketId.Value, StringComparison.Ordinal))));
    }

    [Test]
    public async Task Reports_over_the_limit_are_refused_until_later()
    {
        var caller = NewCaller();
        for (var i = 0; i < 5; i++)
            await ReportAsync(caller, $"wish number {i}");

        Assert.That(await Desk.ReportAsync(caller, new MissingCapability("one more", Severity.Blocking), default), Is.InstanceOf<ReportResult.Limited>());
        Assert.That(await Desk.ReportAsync(NewCaller(), new MissingCapability("one more", Severity.NiceToHave), default), Is.InstanceOf<ReportResult.Reported>());
    }

    [Test]
    public async Task Texts_have_limits_that_the_refusal_names()
    {
        var report = new MissingCapability(" ", Severity.Blocking, new string('x', 5_000), "a\0b", "\ud800", new string('x', 9_000));
        var faults = ((ReportResult.Invalid)await Desk.ReportAsync(NewCaller(), report, default)).Faults;

        Assert.That(faults, Has.Count.EqualTo(5));
        Assert.That(faults[0], Does.Contain("whatIWanted is empty"));
        Assert.That(faults[1], Is.EqualTo("userIntent has 5000 characters; shorten it to 4000."));
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(20, deadline.Token);
    }

    private Caller NewCaller(string scopes = "mcp:notes:read mcp:mail:send")
    {
        var name = $"caller{Interlocked.Increment(ref _callers)}";
        var held = ScopeSet.Of(scopes.Split(' ').Select(Scope.Parse));
        var person = new Person(PersonId.New(TimeProvider.System), "https://login.example.com", name, null, false, name, null, null);
        return new Caller(person, name, _gateway.Url, name, name, held, held, null, TimeProvider.System.GetUtcNow().AddHours(1));
    }

    private async Task<ReportReceipt> ReportAsync(Caller caller, string wanted, string? app = null, string? tool = null, Severity severity = Severity.Inconvenient) =>
        ((ReportResult.Reported)await Desk.ReportAsync(caller, new MissingCapability(wanted, severity, ContextTool: tool, ContextApp: app), default)).Receipt;
}
