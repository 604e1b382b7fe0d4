using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Tests.Clients;
using Cortex.Tests.Identity.AuthorizationServer;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>
/// The pages in a real browser: one person walks through all of them by keyboard alone, and axe-core looks at each. <c>CORTEX_TEST_SCREENSHOTS</c>
/// names a folder to keep pictures in.
/// </summary>
internal sealed class PageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Pages = ["sign-in", "consent", "new-token", "made-token", "account", "account-after-removal", "signed-out"];

    private AccountHost _host = null!;
    private JsonElement _walk;

    [OneTimeSetUp]
    public async Task WalkAsync()
    {
        _host = await AccountHost.StartAsync(DatabaseDialect.Sqlite);
        var folder = Repository.PathOf("Gateway.Tests", "Console", "node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException("Install the packages of the page tests first: npm ci --ignore-scripts --prefix Gateway.Tests/Console/node");
        var client = await _host.RegisterAsync("Notes helper");
        string[] arguments = ["pages.mjs", client.AuthorizeUrl().AbsoluteUri, _host.Gateway.Url + "/account", "alice@example.com"];
        if (Environment.GetEnvironmentVariable("CORTEX_TEST_SCREENSHOTS") is { Length: > 0 } pictures)
            arguments = [.. arguments, pictures];

        await using var browser = ChildProcess.Start("node", arguments, folder);
        using var limit = new CancellationTokenSource(Patience);
        var line = await browser.ReadToEndAsync(limit.Token);
        Assert.That(browser.ExitCode, Is.Zero, browser.Error);
        _walk = JsonSerializer.Deserialize<JsonElement>(line);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public void Keyboard_alone_is_enough_to_sign_in_consent_and_use_the_account()
    {
        Assert.That(TestClient.ParametersOf(new Uri(_walk.GetProperty("callback").GetString()!)), Does.ContainKey("code"));
        Assert.That(_walk.GetProperty("token").GetString(), Does.StartWith("cortex_pat_"));
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_has_no_violations_at_phone_and_desktop_width_in_light_and_dark(string page) => PageLooks.Require(_walk, page);
}
