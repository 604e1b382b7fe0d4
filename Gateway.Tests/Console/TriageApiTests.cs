using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Feedback.Handover;
using Cortex.Foundation.Storage;
using Cortex.Tests.Feedback;
using Cortex.Tests.Fixtures;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>Triage over the operator API: from the report of an agent to the outcome that it sees.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class TriageApiTests(DatabaseDialect dialect)
{
    private CaptureBackend _notes = null!;
    private WebhookReceiver _receiver = null!;
    private string _secretFile = "";
    private GatewayHost _gateway = null!;
    private TestPerson _ann = null!;
    private OperatorClient _operator = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _notes = await CaptureBackend.StartAsync();
        _notes.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"));
        _receiver = await WebhookReceiver.StartAsync(TimeProvider.System);
        _secretFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(_secretFile, WebhookReceiver.SecretText);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            identity:
              admins: [olga@example.com]
              authorizationServer:
                clients:
                  - { id: ops, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin:tickets'] }
                  - { id: looker, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin:tickets:read'] }
                  - { id: other, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin:persons'] }
            backends:
              notes: { url: "{{_notes.Url}}" }
            limits: { operators: { perMinute: 6000 } }
            tickets:
              webhook: { url: "{{_receiver.Url}}/", secret: "${file:{{_secretFile}}}" }
            """,
            dialect: dialect,
            builtins: true);
        _ann = await TestPerson.SignInAsync(_gateway, "ann@example.com", "mcp:notes:read");
        _operator = await OperatorClient.SignInAsync(_gateway, "ops", "olga@example.com", "cortex:admin:tickets");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _operator.Dispose();
        _ann.Dispose();
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _notes.DisposeAsync();
        File.Delete(_secretFile);
    }

    [Test]
    public async Task Outcome_is_seen_by_the_agent_when_it_lists_next_and_recorded_with_before_and_after([Values] bool modern)
    {
        var ticket = await ReportAsync($"colour the notes {(modern ? "green" : "violet")}", modern: modern);
        var need = await NeedOfAsync(ticket);

        var changed = await _operator.ChangeAsync(HttpMethod.Put, $"needs/{need}/state", new { state = "resolved", resolution = "Use notes_paint." });
        var listed = (await _ann.CallAsync("list_cortex_tickets", modern: modern)).Result["structuredContent"]!["tickets"]!.AsArray().Single(entry => (string)entry!["ticketId"]! == ticket)!;

        Assert.That((changed.GetProperty("state").GetString(), changed.GetProperty("callers").GetInt64()), Is.EqualTo(("resolved", 1)));
        Assert.That(((string)listed["status"]!, (string)listed["resolution"]!), Is.EqualTo(("resolved", "Use notes_paint.")));
        var history = (await _operator.GetAsync($"needs/{need}")).GetProperty("history").EnumerateArray().Single();
        Assert.That((Text(history, "change"), Text(history.GetProperty("before"), "state"), Text(history.GetProperty("after"), "state")), Is.EqualTo(("changed", "open", "resolved")));
        Assert.That(Text(history, "author"), Does.StartWith("p_"));
        Assert.That(await AuditAsync(need), Is.EqualTo(new[]
        {
            ("need.state", """{"state":"open","backend":"notes"}""", """{"state":"resolved","resolution":"Use notes_paint.","backend":"notes"}"""),
        }));
    }

    [Test]
    public async Task Notes_links_and_assignment_are_shown_and_taken_back_and_the_record_keeps_no_text_of_a_note()
    {
        var need = await NeedOfAsync(await ReportAsync("print the notes on silk"));
        const string url = "https://tracker.example.com/7?a=b&c=d";

        await _operator.ChangeAsync(HttpMethod.Post, $"needs/{need}/notes", new { text = "Asked Bob." });
        await _operator.ChangeAsync(HttpMethod.Put, $"needs/{need}/links", new { url, title = "Tracker" });
        await _operator.ChangeAsync(HttpMethod.Put, $"needs/{need}/backend", new { backend = (string?)null });
        var shown = await _operator.GetAsync($"needs/{need}");
        await _operator.ChangeAsync(HttpMethod.Delete, $"needs/{need}/links?url={Uri.EscapeDataString(url)}");
        var again = await _operator.StatusAsync(HttpMethod.Delete, $"needs/{need}/links?url={Uri.EscapeDataString(url)}");
        await _operator.ChangeAsync(HttpMethod.Put, $"needs/{need}/backend", new { backend = "notes" });

        Assert.That(Text(shown.GetProperty("notes")[0], "text"), Is.EqualTo("Asked Bob."));
        Assert.That(Text(shown.GetProperty("links")[0], "url"), Is.EqualTo(url));
        Assert.That(shown.GetProperty("need").GetProperty("backend").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(again, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        var after = await _operator.GetAsync($"needs/{need}");
        Assert.That((after.GetProperty("links").GetArrayLength(), Text(after.GetProperty("need"), "backend")), Is.EqualTo((0, "notes")));
        var records = await AuditAsync(need);
        Assert.That(records.Select(record => record.Method), Is.EqualTo(new[] { "need.note", "need.link", "need.backend", "need.unlink", "need.backend" }));
        Assert.That(string.Concat(records.Select(record => record.Before + record.After)), Does.Not.Contain("Bob").And.Contain("tracker.example.com"));
    }

    [Test]
    public async Task Merge_is_undone_with_what_came_since_and_a_split_too()
    {
        var first = await ReportAsync("send a note by pigeon");
        var second = await ReportAsync("frame the notes in oak");
        var (from, into) = (await NeedOfAsync(first), await NeedOfAsync(second));
        await _operator.ChangeAsync(HttpMethod.Put, $"needs/{from}/state", new { state = "planned", resolution = "Soon." });

        var merged = await _operator.ChangeAsync(HttpMethod.Post, $"needs/{from}/merge", new { into });
        using var bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:notes:read");
        var later = await ReportAsync("send a note by pigeon", bob);
        var frozen = await _operator.StatusAsync(HttpMethod.Put, $"needs/{from}/state", new { state = "open" });
        var undone = await _operator.ChangeAsync(HttpMethod.Post, $"needs/{from}/undo");

        Assert.That((Text(merged, "id"), merged.GetProperty("tickets").GetInt64(), frozen), Is.EqualTo((into, 2, HttpStatusCode.UnprocessableEntity)));
        Assert.That((Text(undone, "id"), Text(undone, "state"), undone.GetProperty("tickets").GetInt64()), Is.EqualTo((from, "planned", 2)));
        Assert.That((await NeedOfAsync(later), await NeedOfAsync(first), await NeedOfAsync(second)), Is.EqualTo((from, from, into)));
        Assert.That(await _operator.StatusAsync(HttpMethod.Post, $"needs/{from}/undo"), Is.EqualTo(HttpStatusCode.UnprocessableEntity));

        await _operator.ChangeAsync(HttpMethod.Post, $"needs/{from}/merge", new { into });
        var split = await _operator.ChangeAsync(HttpMethod.Post, $"needs/{into}/split", new { tickets = new[] { first } });
        var apart = Text(split, "id")!;
        var back = await _operator.ChangeAsync(HttpMethod.Post, $"needs/{apart}/undo");

        Assert.That((split.GetProperty("tickets").GetInt64(), Text(back, "id"), back.GetProperty("tickets").GetInt64()), Is.EqualTo((2, into, 3)));
        Assert.That((await AuditAsync(apart)).Select(record => record.Method), Is.EqualTo(new[] { "need.undo" }));
    }

    [Test]
    public async Task Lists_are_narrowed_and_paged()
    {
        for (var i = 0; i < 3; i++)
            await ReportAsync($"knit {i} jumpers", severity: i == 1 ? "blocking" : "nice_to_have");

        var first = await _operator.GetAsync("needs?text=KNIT&limit=2");
        var second = await _operator.GetAsync($"needs?text=knit&limit=2&before={Text(first, "next")}");
        var blocking = await _operator.GetAsync("needs?text=knit&severity=blocking&state=open");
        var tickets = await _operator.GetAsync($"tickets?need={Text(blocking.GetProperty("items")[0], "id")}&severity=blocking&backend=notes&text=jumpers&state=open");

        Assert.That(Titles(first).Concat(Titles(second)), Is.EquivalentTo(new[] { "knit 0 jumpers", "knit 1 jumpers", "knit 2 jumpers" }));
        Assert.That(second.GetProperty("next").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(Titles(blocking), Is.EqualTo(new[] { "knit 1 jumpers" }));
        var ticket = tickets.GetProperty("items").EnumerateArray().Single();
        Assert.That((Text(ticket, "wanted"), Text(ticket, "severity"), Text(ticket, "backend")), Is.EqualTo(("knit 1 jumpers", "blocking", "notes")));
        Assert.That((await _operator.GetAsync("tickets?backend=mail")).GetProperty("items").GetArrayLength(), Is.Zero);
    }

    [TestCase("needs?limit=0")]
    [TestCase("needs?before=yesterday")]
    [TestCase("needs?state=lost")]
    [TestCase("needs?severity=urgent")]
    [TestCase("needs?backend=No%20Backend")]
    [TestCase("needs?text=%00")]
    [TestCase("tickets?need=7")]
    [TestCase("tickets/export?format=xml")]
    [TestCase("tickets/dead-letters?after=%00")]
    [TestCase("tickets/handovers?after=7")]
    public async Task Query_that_does_not_fit_is_400(string path) => Assert.That(await _operator.StatusAsync(HttpMethod.Get, path), Is.EqualTo(HttpStatusCode.BadRequest));

    [Test]
    public async Task Change_that_does_not_fit_is_told_and_changes_nothing()
    {
        var need = await NeedOfAsync(await ReportAsync("weigh the notes in ounces"));
        var nobody = $"n_{new string('0', 32)}";
        (HttpMethod Method, string Path, object? Body, int Status)[] tries =
        [
            (HttpMethod.Put, $"needs/{need}/state", new { state = "lost" }, 422), (HttpMethod.Put, $"needs/{need}/state", new { }, 422),
            (HttpMethod.Put, $"needs/{need}/state", new { state = 7 }, 400), (HttpMethod.Put, $"needs/{need}/state", new { state = "open", resolution = new string('x', 2_001) }, 422),
            (HttpMethod.Put, $"needs/{need}/backend", new { backend = "unknown" }, 422), (HttpMethod.Post, $"needs/{need}/notes", new { text = " " }, 422),
            (HttpMethod.Put, $"needs/{need}/links", new { url = "javascript:alert(1)" }, 422), (HttpMethod.Post, $"needs/{need}/merge", new { into = need }, 422),
            (HttpMethod.Post, $"needs/{need}/merge", new { into = "x" }, 422), (HttpMethod.Post, $"needs/{need}/merge", new { into = nobody }, 404),
            (HttpMethod.Post, $"needs/{need}/split", new { }, 422), (HttpMethod.Post, $"needs/{need}/split", new { tickets = new string?[] { null } }, 422),
            (HttpMethod.Post, $"needs/{need}/undo", null, 422), (HttpMethod.Post, $"needs/{nobody}/undo", null, 404), (HttpMethod.Get, "needs/7", null, 404),
            (HttpMethod.Get, $"needs/{nobody}", null, 404), (HttpMethod.Get, "tickets/t_7", null, 404), (HttpMethod.Post, "tickets/dead-letters/x/retry", null, 404),
            (HttpMethod.Post, "tickets/handovers/x/retry", null, 404),
        ];

        foreach (var (method, path, body, status) in tries)
            Assert.That((int)await _operator.StatusAsync(method, path, body), Is.EqualTo(status), $"{method} {path} {JsonSerializer.Serialize(body)}");
        Assert.That((await _operator.GetAsync($"needs/{need}")).GetProperty("history").GetArrayLength(), Is.Zero);
        Assert.That(await AuditAsync(need), Is.Empty);
    }

    [Test]
    public async Task Export_comes_in_the_form_asked_for_without_a_formula()
    {
        await ReportAsync("=cmd|' /C calc'!A0 for gilded notes");
        await ReportAsync("\t+gilded too");

        var csv = await ExportAsync("tickets/export?text=gilded", "text/csv");
        var lines = await ExportAsync("tickets/export?text=gilded", null);
        var named = await ExportAsync("tickets/export?text=gilded&format=csv", "application/jsonl");
        using var neither = await _operator.SendAsync(HttpMethod.Get, "tickets/export", accept: "application/pdf");

        Assert.That(csv.Type, Is.EqualTo("text/csv"));
        Assert.That(csv.Body.Split("\r\n"), Has.Length.EqualTo(4).And.Some.Contains(",'=cmd|' /C calc'!A0 for gilded notes,").And.Some.Contains("'\t+gilded too"));
        Assert.That(named, Is.EqualTo(csv));
        Assert.That(lines.Type, Is.EqualTo("application/jsonl"));
        Assert.That(
            lines.Body.TrimEnd('\n').Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("wanted").GetString()),
            Is.EquivalentTo(new[] { "=cmd|' /C calc'!A0 for gilded notes", "\t+gilded too" }));
        Assert.That(neither.StatusCode, Is.EqualTo(HttpStatusCode.NotAcceptable));
    }

    [Test]
    public async Task Dead_letter_is_listed_sent_again_and_recorded()
    {
        _receiver.Answer = response => response.StatusCode = 410;
        var ticket = await ReportAsync("engrave notes in marble", severity: "blocking");
        Assert.That(await Eventually.HoldsAsync(async () => (await LettersAsync(ticket)).Length == 1));
        var letter = (await LettersAsync(ticket)).Single();
        _receiver.Answer = response => response.StatusCode = 204;

        var id = Text(letter, "id")!;
        var retried = await _operator.StatusAsync(HttpMethod.Post, $"tickets/dead-letters/{id}/retry");
        var again = await _operator.StatusAsync(HttpMethod.Post, $"tickets/dead-letters/{id}/retry");

        Assert.That((retried, again), Is.EqualTo((HttpStatusCode.NoContent, HttpStatusCode.NotFound)));
        Assert.That(Text(letter, "error"), Does.Contain("410"));
        Assert.That(await Eventually.HoldsAsync(() => _receiver.Received.Count(received => received.Id == id) == 2));
        Assert.That(await AuditAsync(id), Is.EqualTo(new[] { ("webhook.retry", """{"state":"given_up"}""", """{"state":"waiting"}""") }));
    }

    [Test]
    public async Task Stuck_handover_is_listed_and_offered_anew()
    {
        var ticket = await ReportAsync("sing the notes");
        await using (var connection = await _gateway.Storage.Database.Database.OpenAsync(CancellationToken.None))
        {
            await connection.ExecuteAsync(
                "INSERT INTO ticket_handovers (ticket_id, owner, backend_id, attempts, created_at, leased_until, error) VALUES (@ticket, 'person:x', 'notes', @Most, 1, 0, 'It said no.')",
                new { ticket, Most = HandoverStore.MaxAttempts });
        }

        var stuck = (await _operator.GetAsync("tickets/handovers")).GetProperty("items").EnumerateArray().Single();
        var retried = await _operator.StatusAsync(HttpMethod.Post, $"tickets/handovers/{ticket}/retry");

        Assert.That((Text(stuck, "ticket"), Text(stuck, "backend"), Text(stuck, "error")), Is.EqualTo((ticket, "notes", "It said no.")));
        Assert.That(retried, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await _operator.GetAsync("tickets/handovers")).GetProperty("items").GetArrayLength(), Is.Zero);
        Assert.That(await _gateway.Get<HandoverStore>().AnyAsync("person:x", CancellationToken.None));
        Assert.That((await AuditAsync(ticket)).Single().Method, Is.EqualTo("handover.retry"));
    }

    [Test]
    public async Task Attack_reader_and_operator_of_another_area_change_nothing()
    {
        var need = await NeedOfAsync(await ReportAsync("juggle the notes"));
        using var looker = await OperatorClient.SignInAsync(_gateway, "looker", "olga@example.com", "cortex:admin:tickets:read");
        using var other = await OperatorClient.SignInAsync(_gateway, "other", "olga@example.com", "cortex:admin:persons");

        Assert.That(await looker.StatusAsync(HttpMethod.Get, $"needs/{need}"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await looker.StatusAsync(HttpMethod.Get, "tickets/export"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await other.StatusAsync(HttpMethod.Get, "needs"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await other.StatusAsync(HttpMethod.Get, "tickets/export"), Is.EqualTo(HttpStatusCode.Forbidden));
        foreach (var path in new[] { "notes", "merge", "split", "undo" })
            Assert.That(await looker.StatusAsync(HttpMethod.Post, $"needs/{need}/{path}", new { }), Is.EqualTo(HttpStatusCode.Forbidden), path);
        foreach (var path in new[] { "state", "backend", "links" })
            Assert.That(await looker.StatusAsync(HttpMethod.Put, $"needs/{need}/{path}", new { }), Is.EqualTo(HttpStatusCode.Forbidden), path);
        foreach (var path in new[] { "dead-letters/x", "handovers/x" })
            Assert.That(await looker.StatusAsync(HttpMethod.Post, $"tickets/{path}/retry"), Is.EqualTo(HttpStatusCode.Forbidden), path);
    }

    private static string? Text(JsonElement parent, string name) => parent.GetProperty(name).GetString();

    private static IEnumerable<string?> Titles(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(need => Text(need, "title"));

    private async Task<string> ReportAsync(string wish, TestPerson? person = null, string severity = "nice_to_have", bool modern = true)
    {
        var arguments = new JsonObject { ["whatIWanted"] = wish, ["severity"] = severity, ["contextTool"] = "notes_read" };
        return (string)(await (person ?? _ann).CallAsync("report_missing_capability", arguments, modern)).Result["structuredContent"]!["ticketId"]!;
    }

    private async Task<string> NeedOfAsync(string ticket) => Text(await _operator.GetAsync($"tickets/{ticket}"), "need")!;

    private async Task<JsonElement[]> LettersAsync(string ticket) =>
        [.. (await _operator.GetAsync("tickets/dead-letters")).GetProperty("items").EnumerateArray().Where(letter => Text(letter, "ticket") == ticket)];

    private async Task<(string? Type, string Body)> ExportAsync(string path, string? accept)
    {
        using var reply = await _operator.SendAsync(HttpMethod.Get, path, accept: accept);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return (reply.Content.Headers.ContentType?.MediaType, await reply.Content.ReadAsStringAsync());
    }

    private async Task<(string Method, string Before, string After)[]> AuditAsync(string target)
    {
        await using var connection = await _gateway.Storage.Database.Database.OpenAsync(CancellationToken.None);
        return [.. await connection.QueryAsync<(string, string, string)>(
            "SELECT method, value_before, value_after FROM audit WHERE event = 'operator.change' AND target = @target ORDER BY time, id", new { target })];
    }
}
