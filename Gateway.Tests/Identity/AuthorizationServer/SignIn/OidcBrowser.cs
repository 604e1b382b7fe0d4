using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>A person who signs in at an OpenID provider: presses its button, logs in there, and comes back.</summary>
/// <param name="url">The gateway's origin.</param>
internal sealed class OidcBrowser(string url) : IDisposable
{
    private const int MaxPages = 8;

    public FormBrowser Pages { get; } = new();

    /// <summary>The cookie that says who is signed in; null for nobody.</summary>
    public string? SessionCookie => Pages.Cookies.GetAllCookies().FirstOrDefault(cookie => cookie.Name == "cortex")?.Value;

    /// <summary>Presses the button of a provider, on the sign-in page or wherever an address leads to it.</summary>
    public async Task<BrowserPage> PressAsync(string provider, Uri? start = null)
    {
        var page = await Pages.GetAsync(start ?? new Uri(url + "/signin"), CancellationToken.None);
        var form = page.Forms.Single(form => form.Action.AbsolutePath == $"/signin/oidc/{provider}/start");
        return await Pages.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "", _ => true), CancellationToken.None);
    }

    /// <summary>The login page of the provider.</summary>
    public async Task<BrowserPage> ReachLoginAsync(string provider, Uri? start = null)
    {
        var page = await PressAsync(provider, start);
        return await Pages.GetAsync(page.Leaves!, CancellationToken.None);
    }

    /// <summary>Logs in at the provider and agrees to all it asks; the address at the gateway to which that leads, not yet visited.</summary>
    public async Task<Uri> LogInAsync(string provider, string account, Uri? start = null) =>
        await LogInAsync(Pages, await ReachLoginAsync(provider, start), account);

    /// <summary>Goes on from the login page of the provider to where that leads, not yet visited.</summary>
    public static async Task<Uri> LogInAsync(FormBrowser browser, BrowserPage page, string account)
    {
        for (var pages = 0; pages < MaxPages; pages++)
        {
            if (page.Leaves is { } back)
                return back;
            var form = page.Forms[0];
            page = await browser.PostAsync(form.Action, form.Fields.Where(field => field.Name is not null && field.Type != "submit").Select(field =>
                KeyValuePair.Create(field.Name!, field.Name switch { "login" => account, "password" => "any", _ => field.Value })), CancellationToken.None);
        }

        throw new InvalidOperationException($"The provider did not come to an end; the last page was {page.Address}: {page.Html}");
    }

    /// <summary>The whole way, to the page that the gateway shows then.</summary>
    public async Task<BrowserPage> SignInAsync(string provider, string account, Uri? start = null) =>
        await Pages.GetAsync(await LogInAsync(provider, account, start), CancellationToken.None);

    public void Dispose() => Pages.Dispose();
}
