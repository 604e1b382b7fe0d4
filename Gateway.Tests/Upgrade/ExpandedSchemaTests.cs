using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Upgrade;

/// <summary>This version as the previous one of an upgrade: the next one's migration gives every table one more column while it serves, and it starts on that again.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class ExpandedSchemaTests(DatabaseDialect dialect)
{
    private const string Tool = "tickets_list";

    private CaptureBackend _backend = null!;
    private TestStorage _storage = null!;

    private string Yaml => $$"""
        backends:
          tickets: { kind: contract, url: "{{_backend.Url}}" }
        """;

    [SetUp]
    public async Task StartAsync()
    {
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(CaptureBackend.Tool("list", "mcp:notes:read"));
        _storage = await TestStorage.CreateAsync(dialect);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _storage.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Test]
    public async Task Gateway_serves_on_while_the_schema_grows_and_starts_on_what_it_became()
    {
        await using var running = await GatewayHost.StartAsync(Yaml, _storage, builtins: true);
        using var client = await UpgradeClient.SignInAsync(running.Url, "mcp:notes:read offline_access");
        var before = await client.ReportAsync(running.Url, "export the notes as PDF");

        await ExpandAsync();
        await AssertServesAsync(client, running.Url, running.ListensAt, [before]);
        var after = await client.ReportAsync(running.Url, "give notes a colour");

        await using var started = await GatewayHost.StartAsync(Yaml, _storage, publicUrl: running.Url, builtins: true);
        if (_storage.Redis is null)
            await client.OpenSessionAsync(started.ListensAt);
        await AssertServesAsync(client, running.Url, started.ListensAt, [before, after]);
        using var newcomer = await UpgradeClient.SignInAsync(running.Url, "mcp:notes:read offline_access");
        Assert.That((await newcomer.CallAsync(started.ListensAt, Tool)).IsToolError, Is.False);
    }

    private static async Task AssertServesAsync(UpgradeClient client, string url, string at, string[] tickets)
    {
        Assert.That((await client.CallAsync(at, Tool)).IsToolError, Is.False);
        Assert.That((await client.CallInSessionAsync(at, Tool)).IsToolError, Is.False);
        Assert.That((await client.RefreshAsync(url, at)).IsToolError, Is.False);
        Assert.That(await client.TicketsAsync(at), Is.EquivalentTo(tickets));
    }

    private async Task ExpandAsync()
    {
        await using var connection = await _storage.Database.Database.OpenAsync(CancellationToken.None);
        var tables = await connection.QueryAsync<string>(dialect == DatabaseDialect.Sqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            : "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()");
        foreach (var table in tables.ToList())
            await connection.ExecuteAsync($"ALTER TABLE {table} ADD COLUMN of_the_next_version TEXT NOT NULL DEFAULT 'not yet'");
        await connection.ExecuteAsync("CREATE TABLE of_the_next_version (id TEXT NOT NULL PRIMARY KEY)");
    }
}
