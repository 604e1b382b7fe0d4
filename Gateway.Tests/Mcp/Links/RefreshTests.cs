using System.Diagnostics;
using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Cortex.Tests.Cli;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Links;

/// <summary>
/// Calls at the moment at which a token ends, over PostgreSQL and Redis, with a real provider whose refresh tokens count once: at three replicas, and where one of them is killed
/// in the middle of the refresh.
/// </summary>
internal sealed class RefreshTests
{
    private const int Calls = 200;
    private const string Tool = "canva_whoami";

    private LinkStage _stage = null!;
    private GatewayHost[] _replicas = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _stage = await LinkStage.StartAsync(DatabaseDialect.PostgreSql, options: "catalog: perPerson");
        _replicas = [_stage.Gateway, await _stage.AddReplicaAsync(), await _stage.AddReplicaAsync()];
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Many_calls_at_three_replicas_cost_one_refresh_and_none_fails()
    {
        using var ada = await LinkedAsync("ada");
        await Task.WhenAll(_replicas.Select(replica => ada.Person.At(replica).CallAsync(Tool)));
        var before = await _stage.Provider.CountAsync();
        _stage.Server.Refuse(await ada.TokenAsync());

        var since = Stopwatch.StartNew();
        var replies = await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => ada.Person.At(_replicas[call % 3]).CallAsync(Tool, modern: call % 2 == 0)));

        TestContext.Out.WriteLine($"{Calls} calls at the end of a token: {since.ElapsedMilliseconds} ms");
        var after = await _stage.Provider.CountAsync();
        Assert.That(replies.Where(reply => reply.Status != 200 || reply.IsToolError).Select(reply => reply.Body), Is.Empty);
        Assert.That((after.Refreshes - before.Refreshes, after.Refusals - before.Refusals), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task So_do_calls_that_come_when_the_token_has_just_ended_by_the_clock()
    {
        await _stage.Provider.SetAccessLifeAsync(1);
        using var bob = await LinkedAsync("bob");
        await _stage.Provider.SetAccessLifeAsync(3600);
        var store = _stage.Gateway.Get<GrantStore>();
        Assert.That(await Eventually.HoldsAsync(async () => (await store.FindAsync(bob.Key, default)) is var row && (row.HasEnded(DateTimeOffset.UtcNow) || row.Version > 1)));

        var replies = await Task.WhenAll(Enumerable.Range(0, Calls).Select(call => bob.Person.At(_replicas[call % 3]).CallAsync(Tool)));

        Assert.That(replies.Where(reply => reply.Status != 200 || reply.IsToolError).Select(reply => reply.Body), Is.Empty);
        Assert.That((await store.FindAsync(bob.Key, default)).Version, Is.EqualTo(2), "linked, and refreshed once");
    }

    [Test]
    public async Task Grant_that_was_revoked_at_the_provider_has_every_call_answered_with_the_link()
    {
        using var eve = await LinkedAsync("eve");
        await eve.Person.CallAsync(Tool);
        _stage.Server.Refuse(await eve.TokenAsync());
        await _stage.Provider.RevokeAsync("eve-there");

        var reply = await eve.Person.CallAsync(Tool);

        Assert.That((reply.Status, reply.IsToolError), Is.EqualTo((200, true)), reply.Body);
        Assert.That(reply.Text, Does.Contain("must be linked anew").And.Contain("/link/canva/start"));
        Assert.That((await eve.Person.At(_replicas[1]).CallAsync(Tool)).Text, Does.Contain("must be linked anew"), "the tools stay");
    }

    [Test]
    public async Task Replica_killed_between_the_rotation_and_its_write_costs_one_retry_and_the_link_in_that_answer()
    {
        var (reply, counts) = await KillAsync("cleo", HeldAt.Answer);

        Assert.That((reply.Status, reply.IsToolError), Is.EqualTo((200, true)), reply.Body);
        Assert.That(reply.Text, Does.Contain("must be linked anew").And.Contain("/link/canva/start"));
        Assert.That(counts, Is.EqualTo((2, 1)), "asked twice, given once");
    }

    [Test, Category("Slow")]
    public async Task Replica_killed_before_the_provider_was_asked_costs_nothing()
    {
        var (reply, counts) = await KillAsync("dido", HeldAt.Question);

        Assert.That((reply.IsToolError, counts), Is.EqualTo((false, (1, 1))), reply.Body);
    }

    [Test, Category("Slow")]
    public async Task Replica_killed_after_its_write_costs_nothing()
    {
        var (reply, counts) = await KillAsync("fay", HeldAt.Nowhere);

        Assert.That((reply.IsToolError, counts), Is.EqualTo((false, (1, 1))), reply.Body);
    }

    /// <summary>Has a replica in a process of its own refresh a grant, kills it there, and gives back what another replica answers then.</summary>
    private async Task<(McpReply Reply, (int Asked, int Given) Counts)> KillAsync(string name, HeldAt heldAt)
    {
        using var linked = await LinkedAsync(name);
        await linked.Person.CallAsync(Tool);
        await using var proxy = await HoldingProxy.StartAsync(new Uri($"{_stage.Provider.Issuer}/token"));
        await linked.RefreshAtAsync(proxy.Endpoint);
        _stage.Server.Refuse(await linked.TokenAsync());
        proxy.Hold = heldAt;
        var url = $"http://localhost:{ServerProcess.FreePort()}";
        Task<McpStream> call;
        await using (await GatewayProcess.ServeAsync(
            GatewayProcess.FolderWith(_stage.Yaml),
            url,
            ("DOTNET_ENVIRONMENT", "Development"),
            ("CORTEX__gateway__publicUrl", _stage.Gateway.Url),
            ("CORTEX__storage__database", _stage.Gateway.Storage.Database.Address),
            ("CORTEX__storage__redis", _stage.Gateway.Storage.Redis),
            ("CORTEX__vault__keys__0__id", "test"),
            ("CORTEX__vault__keys__0__key", GatewayHost.VaultKey)))
        {
            var message = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call", ["params"] = new JsonObject { ["name"] = Tool, ["arguments"] = new JsonObject() } };
            call = McpStream.PostAsync(linked.Person, url, message, ("MCP-Protocol-Version", "2025-11-25"));
            await Task.WhenAny(heldAt == HeldAt.Nowhere ? call : proxy.Held, Task.Delay(TimeSpan.FromSeconds(60)));
        }

        if (heldAt == HeldAt.Nowhere)
            await (await call).DisposeAsync();
        else
            Assert.That(async () => await call, Throws.InstanceOf<HttpRequestException>(), "its client saw it die");
        return (await linked.Person.CallAsync(Tool), proxy.Counts);
    }

    private async Task<Linked> LinkedAsync(string name)
    {
        var person = await TestPerson.SignInAsync(_stage.Gateway, $"{name}@example.com", "mcp:canva");
        return new Linked(_stage, person, new GrantKey(await _stage.LinkAsync($"{name}@example.com", $"{name}-there"), LinkStage.Canva));
    }

    private sealed record Linked(LinkStage Stage, TestPerson Person, GrantKey Key) : IDisposable
    {
        public async Task<string> TokenAsync() => ((VaultResult.Granted)await Stage.Gateway.Get<PersonVault>().FindAsync(Key, default)).AccessToken.Reveal();

        /// <summary>Has the grant refreshed at another address.</summary>
        public async Task RefreshAtAsync(Uri endpoint)
        {
            var row = await Stage.Gateway.Get<GrantStore>().FindAsync(Key, default);
            var grant = Stage.Gateway.Get<GrantSealing>().Open(Key, row);
            await Stage.Gateway.Get<PersonVault>().LinkAsync(
                Key, row.Issuer, grant with { Client = grant.Client with { TokenEndpoint = endpoint } }, new GrantTerms(row.Scopes, DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt!.Value)), default);
        }

        public void Dispose() => Person.Dispose();
    }
}
