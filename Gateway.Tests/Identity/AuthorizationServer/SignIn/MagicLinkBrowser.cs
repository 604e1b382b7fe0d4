using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>A person who signs in by a magic link.</summary>
/// <param name="url">The gateway's origin.</param>
internal sealed class MagicLinkBrowser(string url) : IDisposable
{
    public FormBrowser Pages { get; } = new();

    /// <summary>The cookie that says who is signed in; null for nobody.</summary>
    public string? SessionCookie => Pages.Cookies.GetAllCookies().FirstOrDefault(cookie => cookie.Name == "cortex")?.Value;

    /// <summary>Goes to an address that leads to the sign-in page, or to that page, and asks for a link.</summary>
    public async Task<BrowserPage> AskAsync(string email, Uri? start = null, string trap = "")
    {
        var page = await Pages.GetAsync(start ?? new Uri(url + "/signin"), CancellationToken.None);
        var form = page.FormWith(field => field.Type == "email");
        return await Pages.PostAsync(form.Action, Fill(form, field => field.Name switch
        {
            "email" => email,
            "website" => trap,
            _ => field.Value,
        }), CancellationToken.None);
    }

    public Task<BrowserPage> OpenAsync(Uri link) => Pages.GetAsync(link, CancellationToken.None);

    /// <summary>Presses the button of the page that a link opened.</summary>
    public Task<BrowserPage> PressAsync(BrowserPage opened)
    {
        var form = opened.FormWith(field => field.Name == "token");
        return Pages.PostAsync(form.Action, Fill(form, field => field.Value), CancellationToken.None);
    }

    public void Dispose() => Pages.Dispose();

    private static IEnumerable<KeyValuePair<string, string>> Fill(HtmlForm form, Func<HtmlField, string> value) => form.Fields
        .Where(field => field.Name is not null && field.Type != "submit")
        .Select(field => KeyValuePair.Create(field.Name!, value(field)));
}
