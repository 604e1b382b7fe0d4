using Cortex.Feedback;
using Cortex.Feedback.Triage;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Feedback;

/// <summary>Reports, needs, and what operators do with them, on both databases.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class TicketIntakeTests(DatabaseDialect dialect)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private TestDatabase _database = null!;
    private FeedbackReplica _replica = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateMigratedAsync(dialect);
        _replica = new FeedbackReplica(_database.Database, _time);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _replica.Dispose();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task Same_wish_of_the_same_person_refreshes_within_a_day_of_its_last_report_and_adds_after_it()
    {
        var first = await _replica.ReportAsync("ann", "export notes as PDF");
        _time.Advance(TimeSpan.FromHours(23));
        var second = await _replica.ReportAsync("ann", "I want to export my notes to PDF", severity: Severity.Blocking);
        _time.Advance(TimeSpan.FromHours(23));
        var third = await _replica.ReportAsync("ann", "export notes as PDF");
        _time.Advance(TimeSpan.FromHours(25));
        var fourth = await _replica.ReportAsync("ann", "export notes as PDF");

        Assert.That((second.Id, second.Deduplicated), Is.EqualTo((first.Id, true)));
        Assert.That((third.Id, third.Deduplicated), Is.EqualTo((first.Id, true)));
        Assert.That(fourth.Deduplicated, Is.False);
        var ticket = (await _replica.Tickets.FindAsync("person:ann", first.Id.Value, default))!;
        Assert.That((ticket.Reports, ticket.Severity), Is.EqualTo((3L, "blocking")));
        var need = (await _replica.NeedsAsync()).Single();
        Assert.That((need.Tickets, need.Callers, need.Blocking), Is.EqualTo((2L, 1L, 1L)));
    }

    [Test]
    public async Task Sixteen_reports_at_once_by_one_person_on_two_replicas_make_one_ticket()
    {
        using var second = _database.OpenAgain();
        using var other = new FeedbackReplica(second, _time);
        FeedbackReplica[] replicas = [_replica, other];

        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => replicas[i % 2].ReportAsync("ann", "export notes as PDF"))));

        Assert.That(taken.Select(ticket => ticket.Id).Distinct().Count(), Is.EqualTo(1));
        Assert.That(taken.Count(ticket => !ticket.Deduplicated), Is.EqualTo(1));
    }

    [Test]
    public async Task Ticket_of_another_is_not_found_by_its_id_nor_listed()
    {
        var anns = await _replica.ReportAsync("ann", "export notes as PDF");
        var bobs = await _replica.ReportAsync("bob", "export notes as PDF");

        Assert.That(await _replica.Tickets.FindAsync("person:bob", anns.Id.Value, default), Is.Null);
        Assert.That((await _replica.Tickets.ListAsync("person:bob", null, 10, default)).Select(ticket => ticket.Id), Is.EqualTo(new[] { bobs.Id.Value }));
        Assert.That(await _replica.Tickets.ListAsync("person:", null, 10, default), Is.Empty);
        Assert.That(anns.Id, Is.Not.EqualTo(bobs.Id));
    }

    [Test]
    public async Task Page_ends_where_the_next_begins()
    {
        for (var i = 0; i < 5; i++)
            await _replica.ReportAsync("ann", $"wish number {i}");

        var seen = new List<string>();
        TicketCursor? cursor = null;
        while (await _replica.Tickets.ListAsync("person:ann", cursor, 2, default) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(ticket => ticket.Wanted));
            Assert.That(TicketCursor.TryParse(new TicketCursor(page[^1].CreatedAt, page[^1].Id).ToString(), out cursor));
        }

        Assert.That(seen.Order(), Is.EqualTo(Enumerable.Range(0, 5).Select(i => $"wish number {i}")));
    }

    [Test]
    public async Task State_and_resolution_of_a_need_are_seen_on_each_of_its_tickets()
    {
        var ticket = await _replica.ReportAsync("ann", "export notes as PDF");
        var need = await _replica.NeedOfAsync("ann", ticket.Id);

        var result = await _replica.Triage.SetStateAsync("op", need, TicketState.Resolved, "Use notes_export.", default);

        Assert.That(result, Is.InstanceOf<TriageResult.Done>());
        var row = (await _replica.Tickets.FindAsync("person:ann", ticket.Id.Value, default))!;
        Assert.That((row.State, row.Resolution), Is.EqualTo(("resolved", "Use notes_export.")));
        var again = await _replica.ReportAsync("bob", "export notes as PDF");
        Assert.That((again.State, again.Resolution), Is.EqualTo((TicketState.Resolved, "Use notes_export.")));
        var history = (await _replica.Triage.FindAsync(need, default))!.History.Single();
        Assert.That((history.Author, history.Change, history.BeforeJson, history.AfterJson), Is.EqualTo(
            ("op", "changed", """{"state":"open"}""", """{"state":"resolved","resolution":"Use notes_export."}""")));
    }

    [Test]
    public async Task Notes_links_and_assignment_are_kept_for_operators()
    {
        var need = await _replica.NeedOfAsync("ann", (await _replica.ReportAsync("ann", "export notes as PDF")).Id);
        await _replica.Triage.NoteAsync("op", need, "Asked the team.", default);
        await _replica.Triage.LinkAsync("op", need, "https://tracker.example.com/7", "Tracker", default);
        await _replica.Triage.LinkAsync("op", need, "https://tracker.example.com/7", "Tracker 7", default);
        await _replica.Triage.AssignAsync("op", need, Cortex.Foundation.Model.BackendId.Parse("notes"), default);

        var detail = (await _replica.Triage.FindAsync(need, default))!;
        Assert.That(detail.Notes.Single().Text, Is.EqualTo("Asked the team."));
        Assert.That(detail.Links.Single().Title, Is.EqualTo("Tracker 7"));
        Assert.That(detail.Need.BackendId, Is.EqualTo("notes"));
        Assert.That(await _replica.Triage.LinkAsync("op", need, "javascript:alert(1)", null, default), Is.InstanceOf<TriageResult.Invalid>());
        Assert.That(await _replica.Triage.NoteAsync("op", NeedId.New(_time), "x", default), Is.InstanceOf<TriageResult.NotFound>());
        Assert.That((await _replica.Triage.ListAsync(new NeedQuery(TicketState.Open, Text: "PDF"), null, 10, default)).Items, Has.Count.EqualTo(1));
        Assert.That((await _replica.Triage.ListAsync(new NeedQuery(Text: "P_F"), null, 10, default)).Items, Is.Empty);
    }

    [Test]
    public async Task Split_is_remembered_so_that_neither_its_words_nor_others_join_them_again()
    {
        var keep = await _replica.ReportAsync("ann", "export notes as PDF");
        var away = await _replica.ReportAsync("bob", "download notes as a PDF file");
        var alike = await _replica.ReportAsync("cat", "Download notes as a pdf file.");
        var need = await _replica.NeedOfAsync("ann", keep.Id);
        _time.Advance(TimeSpan.FromSeconds(1));

        var result = await _replica.Regrouping.SplitAsync("op", need, [away.Id], default);

        var apart = await _replica.NeedOfAsync("bob", away.Id);
        Assert.That(((TriageResult.Done)result).Need.Id, Is.EqualTo(apart.Value));
        Assert.That(apart, Is.Not.EqualTo(need));
        Assert.That(await _replica.NeedOfAsync("cat", alike.Id), Is.EqualTo(apart));
        Assert.That(await _replica.NeedOfAsync("dan", (await _replica.ReportAsync("dan", "download notes as a PDF file")).Id), Is.EqualTo(apart));
        Assert.That(await _replica.NeedOfAsync("eve", (await _replica.ReportAsync("eve", "exporting my notes to PDF")).Id), Is.EqualTo(need));
        Assert.That(await _replica.Regrouping.SplitAsync("op", apart, [away.Id], default), Is.InstanceOf<TriageResult.Invalid>());
        Assert.That(await _replica.Regrouping.SplitAsync("op", apart, [keep.Id], default), Is.InstanceOf<TriageResult.Invalid>());
    }

    [Test]
    public async Task Merge_moves_tickets_and_words_and_a_split_undoes_it()
    {
        var pdf = await _replica.ReportAsync("ann", "export notes as PDF");
        var paper = await _replica.ReportAsync("bob", "put my notes on paper");
        var into = await _replica.NeedOfAsync("ann", pdf.Id);
        var from = await _replica.NeedOfAsync("bob", paper.Id);

        await _replica.Regrouping.MergeAsync("op", from, into, default);

        Assert.That(await _replica.NeedOfAsync("cat", (await _replica.ReportAsync("cat", "Put my notes on paper!")).Id), Is.EqualTo(into));
        var emptied = (await _replica.Triage.FindAsync(from, default))!.Need;
        Assert.That((emptied.State, emptied.MergedInto, emptied.Tickets), Is.EqualTo(("duplicate", into.Value, 0L)));
        Assert.That((await _replica.Tickets.FindAsync("person:bob", paper.Id.Value, default))!.State, Is.EqualTo("open"));
        Assert.That(await _replica.Regrouping.MergeAsync("op", from, into, default), Is.InstanceOf<TriageResult.Invalid>());

        Assert.That(await _replica.Regrouping.SplitAsync("op", into, [paper.Id], default), Is.InstanceOf<TriageResult.Done>());
        Assert.That(await _replica.NeedOfAsync("bob", paper.Id), Is.Not.EqualTo(into));
    }

    [Test]
    public async Task Export_has_every_ticket_and_no_formula()
    {
        await _replica.ReportAsync("ann", "=HYPERLINK(\"x\"), now");
        await _replica.ReportAsync("bob", "two\nlines");
        var export = new TicketExport(_replica.Needs);
        using var csv = new MemoryStream();
        using var lines = new MemoryStream();
        await export.WriteCsvAsync(new TicketQuery(), csv, default);
        await export.WriteJsonLinesAsync(new TicketQuery(), lines, default);

        var table = System.Text.Encoding.UTF8.GetString(csv.ToArray());
        Assert.That(table, Does.StartWith("id,needId,state,").And.Contains("\"'=HYPERLINK(\"\"x\"\"), now\"").And.Contains("\"two\nlines\""));
        var objects = System.Text.Encoding.UTF8.GetString(lines.ToArray()).TrimEnd('\n').Split('\n');
        Assert.That(objects, Has.Length.EqualTo(2).And.All.StartsWith("{\"id\":\"t_"));
    }
}
