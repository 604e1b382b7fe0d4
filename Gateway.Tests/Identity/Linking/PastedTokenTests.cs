using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>Tokens that a person made at the provider and pasted.</summary>
internal sealed class PastedTokenTests
{
    private LinkScene _scene = null!;
    private LinkBrowser _alice = null!;
    private string _email = "";
    private int _number;

    [OneTimeSetUp]
    public async Task StartAsync() => _scene = await LinkScene.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _scene.DisposeAsync();

    [SetUp]
    public async Task SignInAsync()
    {
        _email = $"alice-{++_number}@example.com";
        _alice = await LinkBrowser.SignInAsync(_scene.Gateway, _email);
        _scene.Reset();
    }

    [TearDown]
    public void CloseBrowser() => _alice.Dispose();

    [Test]
    public async Task Pasted_token_is_tried_and_kept_and_never_shown()
    {
        _scene.Server.Token = "pat_0123456789";

        var page = await PasteAsync("canva", "  pat_0123456789\n");

        Assert.That(page.Html, Does.Contain("was tried and kept").And.Not.Contain("pat_0123456789"));
        Assert.That(await _scene.TokenAsync(_email), Is.EqualTo("pat_0123456789"));
        Assert.That((await _alice.OpenAsync("/account")).Html, Does.Contain("<dd>Linked</dd>").And.Not.Contain("pat_0123456789"));
    }

    [TestCase("canva", "another", "does not take this token")]
    [TestCase("canva", "", "no token")]
    [TestCase("canva", "two words", "no token")]
    [TestCase("canva", "line\r\nX-Evil: 1", "no token")]
    [TestCase("other", "pat_0123456789", "can&#x27;t be pasted")]
    [TestCase("plain", "pat_0123456789", "no app of this name")]
    public async Task Token_that_does_not_count_is_not_kept(string backend, string token, string words)
    {
        _scene.Server.Token = "pat_0123456789";

        var page = await PasteAsync(backend, token);

        Assert.That(page.Html, Does.Contain(words));
        Assert.That(await _scene.TokenAsync(_email), Is.Null);
    }

    private async Task<BrowserPage> PasteAsync(string backend, string token)
    {
        var account = await _alice.OpenAsync("/account");
        var form = account.Forms.First(form => form.Action.AbsolutePath == "/link/canva/token");
        return await _alice.Browser.PostAsync(
            new Uri($"{_scene.Gateway.ListensAt}/link/{backend}/token"),
            [.. form.Fields.Where(field => field.Name == "form_token").Select(field => KeyValuePair.Create("form_token", field.Value)), KeyValuePair.Create("token", token)],
            default);
    }
}
