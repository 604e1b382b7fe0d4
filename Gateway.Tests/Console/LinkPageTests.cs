using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Tests.Fixtures.Linking;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>Linking an account in a real browser, over a real provider, by keyboard alone; axe-core looks at each page. See <see cref="PageTests"/>.</summary>
internal sealed class LinkPageTests
{
    private static readonly string[] Pages = ["link", "linked", "link-of-another", "linked-account", "unlinked-account"];

    private LinkStage _stage = null!;
    private PageWalk _walk = null!;

    [OneTimeSetUp]
    public async Task WalkAsync()
    {
        _stage = await LinkStage.StartAsync(DatabaseDialect.Sqlite, options: "link: { personalTokens: true }");
        foreach (var email in new[] { "alice@example.com", "bob@example.com" })
            (await _stage.SignInAsync(email)).Dispose();
        _walk = await PageWalk.RunAsync(
            "link-pages.mjs", await InviteAsync("alice@example.com"), await InviteAsync("bob@example.com"), _stage.Gateway.Url + "/account", "alice@example.com");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public void Keyboard_alone_is_enough_to_link_and_to_unlink()
    {
        Assert.That(_walk.Text("linked"), Is.EqualTo("Your account at canva is linked"));
        Assert.That(_walk.Text("notice"), Does.Contain("no longer linked"));
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_has_no_violations_at_phone_and_desktop_width_in_light_and_dark(string page) => _walk.RequireAccessible(page);

    private async Task<string> InviteAsync(string email) =>
        _stage.Gateway.Get<LinkInvitations>().Invite(await _stage.FindPersonAsync(email), LinkStage.Canva, []).Address.AbsoluteUri;
}
