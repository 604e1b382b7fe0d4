namespace Cortex.Tests.Fixtures;

/// <summary>
/// A person without a browser: follows an authorize URL, signs in by the development sign-in, consents, and gives back the redirect URI
/// with its code or error. It reads the pages' forms like a browser would, and knows nothing else of the gateway.
/// </summary>
internal static class BrowserlessSignIn
{
    private const int MaxPages = 6;

    /// <summary>Runs the whole sign-in in a fresh browser.</summary>
    /// <param name="authorizeUrl">What a client would open.</param>
    /// <param name="email">Who signs in.</param>
    /// <param name="keepScope">Which scopes stay ticked, <c>offline_access</c> among them; null: all.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The client's redirect URI, not yet visited.</returns>
    public static async Task<Uri> AuthorizeAsync(Uri authorizeUrl, string email, Func<string, bool>? keepScope, CancellationToken cancellationToken)
    {
        using var browser = new FormBrowser();
        return await AuthorizeAsync(browser, authorizeUrl, email, keepScope, cancellationToken);
    }

    /// <summary>The same in a browser that may know the person already.</summary>
    public static async Task<Uri> AuthorizeAsync(
        FormBrowser browser, Uri authorizeUrl, string email, Func<string, bool>? keepScope, CancellationToken cancellationToken)
    {
        var page = await browser.GetAsync(authorizeUrl, cancellationToken);
        for (var pages = 0; pages < MaxPages; pages++)
        {
            if (page.Leaves is { } redirectUri)
                return redirectUri;
            page = page.Forms.FirstOrDefault(IsSignIn) is { } signIn
                ? await browser.PostAsync(signIn.Action, FillSignIn(signIn, email), cancellationToken)
                : await AllowAsync(browser, page, keepScope ?? (_ => true), cancellationToken);
        }

        throw new InvalidOperationException($"The sign-in did not come to an end; the last page was {page.Address}: {page.Html}");
    }

    /// <summary>Goes as far as the consent page, or as far as an answer to the client.</summary>
    public static async Task<BrowserPage> SignInAsync(FormBrowser browser, Uri address, string email, CancellationToken cancellationToken)
    {
        var page = await browser.GetAsync(address, cancellationToken);
        var form = page.FormWith(field => field.Type == "email");
        return await browser.PostAsync(form.Action, FillSignIn(form, email), cancellationToken);
    }

    /// <summary>The fields of a consent form as they go out when a button is pressed.</summary>
    /// <param name="form">The form.</param>
    /// <param name="button">Value of the button: <c>allow</c> or <c>deny</c>.</param>
    /// <param name="keepScope">Which scopes stay ticked.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> FillConsent(HtmlForm form, string button, Func<string, bool> keepScope) =>
    [
        .. form.Fields
            .Where(field => field.Name is not null && field.Type switch
            {
                "submit" => field.Value == button,
                "checkbox" => field.IsChecked && keepScope(field.Value),
                _ => true,
            })
            .Select(field => KeyValuePair.Create(field.Name!, field.Value)),
    ];

    private static Task<BrowserPage> AllowAsync(FormBrowser browser, BrowserPage page, Func<string, bool> keepScope, CancellationToken cancellationToken)
    {
        var form = page.FormWith(field => field is { Type: "submit", Value: "allow" });
        return browser.PostAsync(form.Action, FillConsent(form, "allow", keepScope), cancellationToken);
    }

    private static bool IsSignIn(HtmlForm form) => form.Fields.Any(field => field.Type == "email");

    private static IEnumerable<KeyValuePair<string, string>> FillSignIn(HtmlForm form, string email) => form.Fields
        .Where(field => field.Name is not null && field.Type != "submit")
        .Select(field => KeyValuePair.Create(field.Name!, field.Type == "email" ? email : field.Value));
}
