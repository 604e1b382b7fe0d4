using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using Microsoft.IdentityModel.JsonWebTokens;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>From the gateway's page over a real provider and back, and what is in the vault then.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class LinkJourneyTests(DatabaseDialect dialect)
{
    private LinkStage _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await LinkStage.StartAsync(dialect);

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Two_persons_link_two_accounts_and_each_gets_a_token_of_their_own()
    {
        var alice = await _stage.LinkAsync("alice@example.com", "alice-at-canva");
        var bob = await _stage.LinkAsync("bob@example.com", "bob-at-canva");

        var tokens = new[] { await TokenOfAsync(alice), await TokenOfAsync(bob) };
        Assert.That(tokens.Select(token => token.Subject), Is.EqualTo(new[] { "alice-at-canva", "bob-at-canva" }));
        Assert.That(tokens.Select(token => token.Audiences.Single()), Is.All.EqualTo(_stage.Server.Url));
        Assert.That((await _stage.FindLinkAsync(alice)).Standing, Is.EqualTo(LinkStanding.Linked));
        Assert.That((await _stage.Provider.CountAsync()).Registrations, Is.EqualTo(1), "one client for all persons");
    }

    private async Task<JsonWebToken> TokenOfAsync(Cortex.Foundation.Model.PersonId person) =>
        new(((VaultResult.Granted)await _stage.FindGrantAsync(person)).AccessToken.Reveal());
}
