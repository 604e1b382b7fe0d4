using Cortex.Foundation.Observability;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Vault;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Catalog.Personal;

/// <summary>A catalog that all share and one person's linked account reads.</summary>
[TestFixture(NativeEra.Modern)]
[TestFixture(NativeEra.LegacyStateful)]
internal sealed class CatalogAccountTests(NativeEra era)
{
    private PersonalServer _server = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _bob = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await PersonalServer.StartAsync(era);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            backends:
              canva: { kind: mcp, url: "{{_server.Url}}", auth: linkedAccount, catalogAccount: Catalog@example.com }
              bare: { kind: mcp, url: "{{_server.Url}}", auth: linkedAccount }
            """,
            customize: builder => builder.Services.AddSingleton(PersonalSchedule.Patient with { Interval = TimeSpan.FromHours(1), FirstRetry = TimeSpan.FromHours(1) }),
            builtins: true);
        _bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "offline_access");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _bob.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Account_that_is_not_linked_is_named_and_the_catalog_is_read_at_once_when_it_is()
    {
        var reason = $"catalog account is not linked: sign in as Catalog@example.com and open {_gateway.Url}/link/canva/start";
        Assert.That(StateOf("canva"), Is.EqualTo(new ReadinessPart(ReadinessState.Failed, reason)));
        Assert.That((await _bob.CallAsync("whoami")).Body, Does.Contain("Catalog@example.com"));
        using var account = await TestPerson.SignInAsync(_gateway, "catalog@example.com", "offline_access");
        await Grants.LinkAsync(_gateway, "bob@example.com", "canva", "bob");

        await Grants.LinkAsync(_gateway, "catalog@example.com", "canva", "lister");

        Assert.That(await Eventually.HoldsAsync(() => StateOf("canva").State == ReadinessState.Ready), StateOf("canva").ToString());
        using var bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:canva");
        using var carol = await TestPerson.SignInAsync(_gateway, "carol@example.com", "mcp:canva");
        Assert.That((await bob.ModernAsync("tools/list")).ToolNames, Does.Contain("canva_of_lister"));
        _server.GiveTools("bob", "of_lister");
        Assert.That((await bob.CallAsync("canva_of_lister")).Text, Is.EqualTo("called as bob"), "the account is for listing alone");
        Assert.That((await carol.CallAsync("canva_of_lister")).Body, Does.Contain("/link/canva/start?for="), "and nobody else's");
    }

    [Test]
    public async Task Token_of_the_account_that_the_server_refuses_is_renewed_once()
    {
        await using var provider = await TokenProvider.StartAsync();
        using var account = await TestPerson.SignInAsync(_gateway, "catalog@example.com", "offline_access");
        _server.Refused["stale"] = true;

        await Grants.LinkAsync(_gateway, "catalog@example.com", "canva", "stale", provider);

        Assert.That(await Eventually.HoldsAsync(() => StateOf("canva").State == ReadinessState.Ready), StateOf("canva").ToString());
    }

    [Test]
    public void Server_that_lists_nothing_without_an_account_says_what_to_configure() =>
        Assert.That(StateOf("bare").Detail, Does.Contain("set catalogAccount").And.Contain("catalog: perPerson"));

    private ReadinessPart StateOf(string backend) => _gateway.Get<Readiness>().Current.Parts[$"backend:{backend}"];
}
