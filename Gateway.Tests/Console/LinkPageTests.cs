using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures.Linking;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>Linking an account in a real browser, over a real provider, by keyboard alone; axe-core looks at each page. See <see cref="PageTests"/>.</summary>
internal sealed class LinkPageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Pages = ["link", "linked", "link-of-another", "linked-account", "unlinked-account"];

    private LinkStage _stage = null!;
    private JsonElement _walk;

    [OneTimeSetUp]
    public async Task WalkAsync()
    {
        _stage = await LinkStage.StartAsync(DatabaseDialect.Sqlite, options: "link: { personalTokens: true }");
        foreach (var email in new[] { "alice@example.com", "bob@example.com" })
            (await _stage.SignInAsync(email)).Dispose();
        string[] arguments =
        [
            "link-pages.mjs", await InviteAsync("alice@example.com"), await InviteAsync("bob@example.com"), _stage.Gateway.Url + "/account", "alice@example.com",
        ];
        if (Environment.GetEnvironmentVariable("CORTEX_TEST_SCREENSHOTS") is { Length: > 0 } pictures)
            arguments = [.. arguments, pictures];

        await using var browser = ChildProcess.Start("node", arguments, Repository.PathOf("Gateway.Tests", "Console", "node"));
        using var limit = new CancellationTokenSource(Patience);
        var line = await browser.ReadToEndAsync(limit.Token);
        Assert.That(browser.ExitCode, Is.Zero, browser.Error);
        _walk = JsonSerializer.Deserialize<JsonElement>(line);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public void Keyboard_alone_is_enough_to_link_and_to_unlink()
    {
        Assert.That(_walk.GetProperty("linked").GetString(), Is.EqualTo("Your account at canva is linked"));
        Assert.That(_walk.GetProperty("notice").GetString(), Does.Contain("no longer linked"));
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_has_no_violations_at_phone_and_desktop_width_in_light_and_dark(string page) => PageLooks.Require(_walk, page);

    private async Task<string> InviteAsync(string email) =>
        _stage.Gateway.Get<LinkInvitations>().Invite(await _stage.FindPersonAsync(email), LinkStage.Canva, []).Address.AbsoluteUri;
}
