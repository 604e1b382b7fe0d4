using System.Data.Common;
using System.Text.Json;
using Cortex.Foundation.Observability;
using Cortex.Foundation.Storage;
using Cortex.Governance.Audit;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Audit;

[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class AuditLogTests(DatabaseDialect dialect)
{
    private const string Person = "p_0123456789abcdef0123456789abcdef";

    private TestDatabase _database = null!;
    private string _folder = null!;

    [SetUp]
    public async Task MakeDatabase()
    {
        _database = await TestDatabase.CreateAsync(dialect);
        _folder = Directory.CreateTempSubdirectory("cortex-audit-").FullName;
    }

    [TearDown]
    public async Task DropDatabase()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Record_fills_batches_at_once_and_the_rest_when_the_window_closes(CancellationToken cancellationToken)
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);

        for (var i = 0; i < (2 * AuditQueue.BatchSize) + 50; i++)
            host.Audit.Record(Request("ok"));

        while (await host.CountAsync() < 2 * AuditQueue.BatchSize)
            cancellationToken.ThrowIfCancellationRequested();
        var whileTimeStands = await host.CountAsync();
        await host.RunUntilAsync(async () => await host.CountAsync() > 2 * AuditQueue.BatchSize, cancellationToken);

        Assert.That((whileTimeStands, await host.CountAsync()), Is.EqualTo((400L, 450L)));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Record_keeps_every_field_in_the_row(CancellationToken cancellationToken)
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);
        host.Audit.Record(Request("ok") with { Time = new DateTimeOffset(2026, 1, 31, 10, 0, 0, TimeSpan.FromHours(1)) });
        await host.RunUntilAsync(async () => await host.CountAsync() == 1, cancellationToken);

        var row = await host.QueryAsync<string>("""
            SELECT time || ' ' || event || ' ' || outcome || ' ' || person_id || ' ' || client_id || ' ' || method || ' ' || tool || ' ' || backend || ' ' ||
                   scope || ' ' || protocol || ' ' || request_bytes || ' ' || response_bytes || ' ' || latency_ms || ' ' || status || ' ' || trace_id || ' ' || detail
            FROM audit
            """);

        Assert.That(row, Is.EqualTo(
            $"1769850000000 mcp.request ok {Person} claude tools/call notes_echo notes mcp:notes:read 2026-07-28 120 64 3.25 200 4bf92f3577b34da6a3ce929d0e0e4736 Done."));
    }

    [Test]
    public async Task WriteAsync_returns_when_another_connection_sees_the_row()
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);

        await host.Audit.WriteAsync(Request("ok"), CancellationToken.None);

        using var other = _database.OpenAgain();
        await using var connection = await other.OpenAsync(CancellationToken.None);
        await using var count = connection.CreateCommand();
        count.CommandText = "SELECT COUNT(*) FROM audit";
        Assert.That(await count.ExecuteScalarAsync(), Is.EqualTo(1L));
    }

    [Test]
    public async Task WriteAsync_without_a_database_throws_and_writes_no_line()
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);
        await host.ExecuteAsync("ALTER TABLE audit RENAME TO audit_away");

        Assert.That(async () => await host.Audit.WriteAsync(Request("ok"), CancellationToken.None), Throws.InstanceOf<DbException>());
        await host.StopAsync();
        Assert.That(host.Lines, Is.Empty);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Record_during_an_outage_loses_nothing_below_the_bound(CancellationToken cancellationToken)
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);
        await host.ExecuteAsync("ALTER TABLE audit RENAME TO audit_away");
        for (var i = 0; i < 1000; i++)
            host.Audit.Record(Request("ok"));
        await host.RunUntilAsync(() => Task.FromResult(StateOf(host) == ReadinessState.Degraded), cancellationToken);

        await host.ExecuteAsync("ALTER TABLE audit_away RENAME TO audit");
        await host.RunUntilAsync(async () => await host.CountAsync() == 1000, cancellationToken);
        await host.RunUntilAsync(() => Task.FromResult(StateOf(host) == ReadinessState.Ready), cancellationToken);
        await host.StopAsync();

        Assert.That(host.Lines, Has.Length.EqualTo(1000));
    }

    [Test]
    public async Task Stop_writes_what_is_still_queued()
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);
        for (var i = 0; i < 10; i++)
            host.Audit.Record(Request("ok"));

        await host.StopAsync();

        Assert.That((await host.CountAsync(), host.Lines.Length), Is.EqualTo((10L, 10)));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Stop_without_a_database_gives_up_in_time_and_says_how_much_was_lost(CancellationToken cancellationToken)
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);
        await host.ExecuteAsync("ALTER TABLE audit RENAME TO audit_away");
        for (var i = 0; i < 300; i++)
            host.Audit.Record(Request("ok"));
        await host.RunUntilAsync(() => Task.FromResult(StateOf(host) == ReadinessState.Degraded), cancellationToken);

        await host.StopAtOnceAsync();

        Assert.That(host.Log.Events, Has.Some.EqualTo("audit.lost: 300 audit records did not reach the database"));
    }

    [Test]
    public async Task Pseudonym_survives_a_restart_and_is_not_the_persons_id()
    {
        var lines = new List<string>();
        for (var start = 0; start < 2; start++)
        {
            await using var host = await AuditHost.StartAsync(_database, _folder);
            await host.Audit.WriteAsync(Request("ok"), CancellationToken.None);
            await host.StopAsync();
            lines.AddRange(host.Lines);
        }

        var callers = lines.Select(Caller).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(callers, Has.Length.EqualTo(2));
            Assert.That(callers[0], Does.Match("^u_[0-9a-f]{32}$"));
            Assert.That(callers[1], Is.EqualTo(callers[0]));
            Assert.That(string.Concat(lines), Does.Not.Contain(Person).And.Not.Contain(Person[2..]));
        });
    }

    [Test]
    public async Task Pseudonyms_of_two_persons_differ_and_a_machine_has_none()
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);
        host.Audit.Record(Request("ok"));
        host.Audit.Record(Request("ok") with { PersonId = "p_ffffffffffffffffffffffffffffffff" });
        host.Audit.Record(Request("ok") with { PersonId = null });
        await host.StopAsync();

        var callers = host.Lines.Select(Caller).ToArray();

        Assert.That(callers, Is.Unique);
        Assert.That(callers[2], Is.Null);
    }

    [Test]
    public async Task Line_and_row_hold_neither_address_nor_token_of_a_hostile_request()
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);
        await host.Audit.WriteAsync(
            Request("denied") with
            {
                Tool = "mail alice@example.com\0\ud800",
                Detail = "Authorization: Bearer abc.def and eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.sig at https://app.example/cb?code=123#x",
            },
            CancellationToken.None);
        await host.StopAsync();

        var row = await host.QueryAsync<string>("SELECT tool || ' ' || detail FROM audit");
        Assert.Multiple(() =>
        {
            Assert.That(row, Is.EqualTo("mail [e-mail] Authorization: [token] and [token] at https://app.example/cb"));
            Assert.That(host.Lines.Single(), Does.Contain("mail [e-mail]").And.Contain("Authorization: [token] and [token] at https://app.example/cb\""));
        });
    }

    [Test]
    public async Task Insert_of_the_same_entries_again_leaves_one_row_each()
    {
        await using var host = await AuditHost.StartAsync(_database, _folder);
        var table = new AuditTable(_database.Database);
        var entry = new AuditEntry("1", Request("ok") with { Time = DateTimeOffset.UnixEpoch }, "u_1");

        await table.InsertAsync([entry], CancellationToken.None);
        await table.InsertAsync([entry, entry with { Id = "2" }], CancellationToken.None);

        Assert.That(await host.CountAsync(), Is.EqualTo(2));
    }

    private static ReadinessState? StateOf(AuditHost host) => host.Readiness.Current.Parts.GetValueOrDefault("audit")?.State;

    private static string? Caller(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("caller", out var caller) ? caller.GetString() : null;
    }

    private static AuditRecord Request(string outcome) => new()
    {
        Event = "mcp.request",
        Outcome = outcome,
        PersonId = Person,
        ClientId = "claude",
        Method = "tools/call",
        Tool = "notes_echo",
        Backend = "notes",
        Scope = "mcp:notes:read",
        ProtocolVersion = "2026-07-28",
        RequestBytes = 120,
        ResponseBytes = 64,
        Duration = TimeSpan.FromMilliseconds(3.25),
        Status = 200,
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        Detail = "Done.",
    };
}
