using System.Net;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Identity.Linking.Clients;
using Cortex.Identity.Vault;
using Cortex.Tests.Console;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>From the gateway's page over a real provider and back, what is in the vault then, and how it ends.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class LinkJourneyTests(DatabaseDialect dialect)
{
    private LinkStage _stage = null!;
    private string _alice = "";
    private int _number;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await LinkStage.StartAsync(
        dialect,
        identity: "{ admins: [root@example.com], authorizationServer: { clients: [{ id: ops, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin'] }] } }",
        builtins: true);

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [SetUp]
    public void ChoosePerson() => _alice = $"alice-{++_number}@example.com";

    [Test]
    public async Task Two_persons_link_two_accounts_and_each_gets_tokens_of_their_own_for_that_server()
    {
        var alice = await _stage.LinkAsync(_alice, "alice-at-canva");
        var bob = await _stage.LinkAsync("bob@example.com", "bob-at-canva");

        var tokens = new[] { await TokenOfAsync(alice), await TokenOfAsync(bob) };
        Assert.That(tokens.Select(token => token.Subject), Is.EqualTo(new[] { "alice-at-canva", "bob-at-canva" }));
        Assert.That(tokens.Select(token => token.Audiences.Single()), Is.All.EqualTo(_stage.Server.Url));
        var link = await _stage.FindLinkAsync(alice);
        Assert.That((link.Standing, link.Account!.Issuer), Is.EqualTo((LinkStanding.Linked, _stage.Provider.Issuer)));
        Assert.That(await AuditAsync("account.linked", alice), Is.EqualTo(1));
    }

    [Test]
    public async Task Grant_is_refreshed_with_a_refresh_token_that_counts_once()
    {
        var alice = await _stage.LinkAsync(_alice, "alice");
        var first = await GrantedAsync(alice);

        var second = await RenewAsync(alice, first);
        var third = await RenewAsync(alice, ((VaultResult.Granted)second).AccessToken);

        Assert.That(new[] { second, third }, Is.All.InstanceOf<VaultResult.Granted>());
        Assert.That((await TokenOfAsync(alice)).Subject, Is.EqualTo("alice"));
    }

    [Test]
    public async Task Grant_that_the_provider_took_back_needs_linking_again_and_counts_then()
    {
        var account = $"revoked-{_number}";
        var alice = await _stage.LinkAsync(_alice, account);
        await _stage.Provider.RevokeAsync(account);

        Assert.That(await RenewAsync(alice, await GrantedAsync(alice)), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: true)));
        Assert.That((await _stage.FindLinkAsync(alice)).Standing, Is.EqualTo(LinkStanding.NeedsRelink));
        using var browser = await _stage.SignInAsync(_alice);
        Assert.That((await browser.OpenAsync("/account")).Html, Does.Contain("Has to be linked again"));
        await browser.LinkAsync(LinkStage.Canva, account);

        Assert.That((await TokenOfAsync(alice)).Subject, Is.EqualTo(account));
    }

    [Test]
    public async Task Invitation_for_more_scopes_asks_for_them_and_for_those_that_are_granted()
    {
        var alice = await _stage.LinkAsync(_alice, "alice");
        Assert.That((await TokenOfAsync(alice)).GetPayloadValue<string>("scope"), Is.EqualTo("read"));
        var invitation = _stage.Gateway.Get<LinkInvitations>().Invite(alice, LinkStage.Canva, ["write"]);

        using var browser = await _stage.SignInAsync(_alice);
        Assert.That((await browser.OpenAsync(invitation.Address.PathAndQuery)).Html, Does.Contain("<code>write</code>").And.Contain("<code>read</code>"));
        await browser.LinkAsync(LinkStage.Canva, "alice", invitation.Address);

        Assert.That((await TokenOfAsync(alice)).GetPayloadValue<string>("scope").Split(' '), Is.EquivalentTo(["read", "write"]));
    }

    [Test]
    public async Task Provider_that_forgot_the_gateway_gets_to_know_it_anew()
    {
        await _stage.LinkAsync(_alice, "alice");
        var before = await _stage.Provider.CountAsync();
        await _stage.LinkAsync("bob@example.com", "bob");
        Assert.That((await _stage.Provider.CountAsync()).Registrations, Is.EqualTo(before.Registrations), "one client serves everybody");
        await _stage.Provider.ForgetClientsAsync();

        var alice = await _stage.LinkAsync(_alice, "alice-again");

        Assert.That((await TokenOfAsync(alice)).Subject, Is.EqualTo("alice-again"));
        Assert.That((await _stage.Provider.CountAsync()).Registrations, Is.EqualTo(before.Registrations + 1));
    }

    [Test]
    public async Task Many_who_come_at_once_to_several_replicas_are_one_registration()
    {
        var replicas = dialect == DatabaseDialect.PostgreSql ? [_stage.Gateway, await _stage.AddReplicaAsync()] : new[] { _stage.Gateway };
        var backend = _stage.Gateway.Get<LinkProviders>().FindBackend("canva")!;
        var found = (DiscoveryResult.Found)await _stage.Gateway.Get<LinkProviders>().FindAsync(backend, default);
        var before = await _stage.Provider.CountAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(turn => Task.Run(() =>
            replicas[turn % replicas.Length].Get<RegisteredClients>().FindAsync(found.Provider, "http://localhost/link/many/callback", default))));

        Assert.That(results.Select(result => ((ClientIdentityResult.Found)result).Client.ClientId).Distinct().Count(), Is.EqualTo(1));
        Assert.That((await _stage.Provider.CountAsync()).Registrations, Is.EqualTo(before.Registrations + 1));
    }

    [Test]
    public async Task Unlinking_takes_the_grant_back_here_and_at_the_provider()
    {
        var alice = await _stage.LinkAsync(_alice, "alice");
        var before = await _stage.Provider.CountAsync();
        using var browser = await AccountBrowser.SignInAsync(_stage.Gateway, _alice);

        var page = await browser.SubmitAsync(await browser.OpenAsync(), "/link/canva/unlink");

        Assert.That(page.Html, Does.Contain("no longer linked").And.Contain("has taken back"));
        Assert.That(await _stage.FindGrantAsync(alice), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: false)));
        Assert.That((await _stage.Provider.CountAsync()).Revocations, Is.EqualTo(before.Revocations + 1));
        Assert.That(await AuditAsync("account.unlinked", alice), Is.EqualTo(1));
        Assert.That(AccountBrowser.Entry(await browser.OpenAsync(), "canva").Html, Does.Contain("Not linked").And.Not.Contain("/unlink"));
    }

    [Test]
    public async Task Unlinking_by_an_operator_is_recorded_with_before_and_after()
    {
        var alice = await _stage.LinkAsync(_alice, "alice");
        using var ops = await OperatorClient.SignInAsync(_stage.Gateway, "ops", "root@example.com", "cortex:admin");

        var listed = (await ops.GetAsync($"persons/{alice}/links"))[0];
        var ended = await ops.ChangeAsync(HttpMethod.Delete, $"persons/{alice}/links/canva");

        Assert.That((listed.GetProperty("state").GetString(), listed.GetProperty("issuer").GetString()), Is.EqualTo(("linked", _stage.Provider.Issuer)));
        Assert.That(ended.GetProperty("revokedAtProvider").GetBoolean());
        Assert.That((await ops.GetAsync($"persons/{alice}/links"))[0].GetProperty("state").GetString(), Is.EqualTo("not_linked"));
        Assert.That(await ops.StatusAsync(HttpMethod.Delete, $"persons/{alice}/links/canva"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await ops.StatusAsync(HttpMethod.Get, $"persons/p_{new string('0', 32)}/links"), Is.EqualTo(HttpStatusCode.NotFound));
        await using var connection = await _stage.Gateway.Get<Database>().OpenAsync(default);
        var change = await connection.QuerySingleAsync<(string Before, string After)>(
            "SELECT value_before, value_after FROM audit WHERE method = 'person.unlink' AND value_before LIKE '%canva%' ORDER BY time DESC LIMIT 1");
        Assert.That(change.Before, Does.Contain("\"linked\""));
        Assert.That(change.After, Does.Contain("\"not_linked\""));
    }

    [Test]
    public async Task Person_who_is_shut_out_loses_what_they_linked_and_links_no_more()
    {
        var alice = await _stage.LinkAsync(_alice, "alice");
        using var ops = await OperatorClient.SignInAsync(_stage.Gateway, "ops", "root@example.com", "cortex:admin");
        using var browser = await _stage.SignInAsync(_alice);

        await ops.ChangeAsync(HttpMethod.Post, $"persons/{alice}/disable");

        Assert.That(await _stage.FindGrantAsync(alice), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: false)));
        Assert.That((await browser.OpenAsync("/link/canva/start")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Whoami_tells_how_each_account_stands()
    {
        using var person = await TestPerson.SignInAsync(_stage.Gateway, _alice, "openid mcp:canva");
        var before = await LinksAsync(person);
        await _stage.LinkAsync(_alice, "alice");
        var after = await LinksAsync(person);

        Assert.That(before, Is.EqualTo("""[{"backend":"canva","state":"not_linked","provider":null}]"""));
        Assert.That(after, Is.EqualTo($$"""[{"backend":"canva","state":"linked","provider":"{{new Uri(_stage.Provider.Issuer).Authority}}"}]"""));
    }

    private static async Task<string> LinksAsync(TestPerson person) =>
        ((JsonArray)(await person.CallAsync("whoami")).Result["structuredContent"]!["linkedAccounts"]!).ToJsonString();

    private async Task<Secret> GrantedAsync(PersonId person) => ((VaultResult.Granted)await _stage.FindGrantAsync(person)).AccessToken;

    private async Task<JsonWebToken> TokenOfAsync(PersonId person) => new((await GrantedAsync(person)).Reveal());

    private Task<VaultResult> RenewAsync(PersonId person, Secret rejected) =>
        _stage.Gateway.Get<PersonVault>().RenewAsync(new GrantKey(person, LinkStage.Canva), rejected, default);

    private async Task<int> AuditAsync(string name, PersonId person)
    {
        await using var connection = await _stage.Gateway.Get<Database>().OpenAsync(default);
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM audit WHERE event = @Name AND person_id = @Person", new { Name = name, Person = person.Value });
    }
}
