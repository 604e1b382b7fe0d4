using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.Registration;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Clients that registered and are not used.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class ClientExpiryTests(DatabaseDialect dialect)
{
    private AuthorizationServerHost _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await AuthorizationServerHost.StartAsync(dialect);

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Client_without_a_token_in_its_first_day_is_deleted_with_what_it_was_given()
    {
        var client = await TestClient.RegisterAsync(_server);
        await client.AuthorizeAsync();
        Assert.That(await CountAsync("consents"), Is.EqualTo(1));

        await PassAsync(TimeSpan.FromHours(23));
        Assert.That(await CountAsync("openiddict_applications"), Is.EqualTo(1));
        await PassAsync(TimeSpan.FromHours(2));

        foreach (var table in new[] { "openiddict_applications", "openiddict_authorizations", "openiddict_tokens", "consents", "self_registered_clients" })
            Assert.That(await IsEmptiedAsync(table), table);
        Assert.That(await Eventually.HoldsAsync(() => _server.AuditLines.Contains($"\"auth.unregister\",\"outcome\":\"ok\",\"client\":\"{client.Id}\"", StringComparison.Ordinal)), _server.AuditLines);
    }

    [Test]
    public async Task Client_that_is_used_is_kept_until_90_days_after_its_last_token()
    {
        var client = await TestClient.RegisterAsync(_server);
        await client.GetTokensAsync();
        await PassAsync(TimeSpan.FromDays(80));
        await client.GetTokensAsync();

        await PassAsync(TimeSpan.FromDays(80));
        Assert.That(await CountAsync("openiddict_applications"), Is.EqualTo(1));
        await PassAsync(TimeSpan.FromDays(11));

        Assert.That(await IsEmptiedAsync("openiddict_applications"));
    }

    [Test]
    public async Task Client_that_an_operator_disabled_is_kept_since_it_could_come_back_enabled()
    {
        var client = await TestClient.RegisterAsync(_server);
        await _server.Services.GetRequiredService<DisabledClients>().SetAsync(client.Id, true, CancellationToken.None);

        await PassAsync(TimeSpan.FromHours(25));
        Assert.That(await CountAsync("openiddict_applications"), Is.EqualTo(1));
        await _server.Services.GetRequiredService<DisabledClients>().SetAsync(client.Id, false, CancellationToken.None);
        await PassAsync(TimeSpan.FromHours(1));

        Assert.That(await IsEmptiedAsync("openiddict_applications"));
    }

    [Test]
    public async Task Refused_token_request_is_no_use()
    {
        var client = await TestClient.RegisterAsync(_server);
        await client.ExchangeAsync("guess");

        await PassAsync(TimeSpan.FromHours(25));

        Assert.That(await IsEmptiedAsync("openiddict_applications"));
    }

    [Test]
    public async Task Replica_that_does_not_hold_the_lock_deletes_nothing()
    {
        await TestClient.RegisterAsync(_server);
        await using (await _server.Services.GetRequiredService<ISharedState>().TryLockAsync("client-expiry", TimeSpan.FromDays(30), default))
        {
            await PassAsync(TimeSpan.FromHours(25));
            Assert.That(await CountAsync("openiddict_applications"), Is.EqualTo(1));
        }
    }

    private async Task PassAsync(TimeSpan time)
    {
        _server.Time.Advance(time);
        await _server.Services.GetRequiredService<ClientExpiry>().RunAsync(CancellationToken.None);
    }

    /// <summary>The hourly round may be at it already when a test asks for one.</summary>
    private async Task<bool> IsEmptiedAsync(string table)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await CountAsync(table) > 0)
        {
            if (deadline.IsCancellationRequested)
                return false;
            await Task.Delay(20);
        }

        return true;
    }

    private async Task<long> CountAsync(string table)
    {
        await using var connection = await _server.Services.GetRequiredService<Database>().OpenAsync(default);
        return await connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table}");
    }
}
