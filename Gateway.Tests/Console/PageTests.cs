using Cortex.Foundation.Storage;
using Cortex.Tests.Identity.AuthorizationServer;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>
/// The pages of signed-in people in a real browser: one person walks through all of them by keyboard alone, and axe-core looks at each.
/// </summary>
internal sealed class PageTests
{
    private static readonly string[] Pages = ["sign-in", "consent", "new-token", "made-token", "account", "account-after-removal", "signed-out"];

    private AccountHost _host = null!;
    private PageWalk _walk = null!;

    [OneTimeSetUp]
    public async Task WalkAsync()
    {
        _host = await AccountHost.StartAsync(DatabaseDialect.Sqlite);
        var client = await _host.RegisterAsync("Notes helper");
        _walk = await PageWalk.RunAsync("pages.mjs", client.AuthorizeUrl().AbsoluteUri, _host.Gateway.Url + "/account", "alice@example.com");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public void Keyboard_alone_is_enough_to_sign_in_consent_and_use_the_account()
    {
        Assert.That(TestClient.ParametersOf(new Uri(_walk.Text("callback"))), Does.ContainKey("code"));
        Assert.That(_walk.Text("token"), Does.StartWith("cortex_pat_"));
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_has_no_violations_at_phone_and_desktop_width_in_light_and_dark(string page) => _walk.RequireAccessible(page);
}
