using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>Tokens that a person made at the provider and pasted.</summary>
internal sealed class PastedTokenTests : LinkSceneTests
{
    [Test]
    public async Task Pasted_token_is_tried_and_kept_and_never_shown()
    {
        Scene.Server.Token = "pat_0123456789";

        var page = await PasteAsync("canva", "  pat_0123456789\n");

        Assert.That(page.Html, Does.Contain("was tried and kept").And.Not.Contain("pat_0123456789"));
        Assert.That(await Scene.TokenAsync(Email), Is.EqualTo("pat_0123456789"));
        Assert.That((await Alice.OpenAsync("/account")).Html, Does.Contain("<dd>Linked</dd>").And.Not.Contain("pat_0123456789"));
    }

    [TestCase("canva", "another", "does not take this token")]
    [TestCase("canva", "", "no token")]
    [TestCase("canva", "two words", "no token")]
    [TestCase("canva", "line\r\nX-Evil: 1", "no token")]
    [TestCase("other", "pat_0123456789", "can&#x27;t be pasted")]
    [TestCase("plain", "pat_0123456789", "no app of this name")]
    public async Task Token_that_does_not_count_is_not_kept(string backend, string token, string words)
    {
        Scene.Server.Token = "pat_0123456789";

        var page = await PasteAsync(backend, token);

        Assert.That(page.Html, Does.Contain(words));
        Assert.That(await Scene.TokenAsync(Email), Is.Null);
    }

    private async Task<BrowserPage> PasteAsync(string backend, string token)
    {
        var account = await Alice.OpenAsync("/account");
        var form = account.Forms.First(form => form.Action.AbsolutePath == "/link/canva/token");
        return await Alice.Browser.PostAsync(
            new Uri($"{Scene.Gateway.ListensAt}/link/{backend}/token"),
            [.. form.Fields.Where(field => field.Name == "form_token").Select(field => KeyValuePair.Create("form_token", field.Value)), KeyValuePair.Create("token", token)],
            default);
    }
}
