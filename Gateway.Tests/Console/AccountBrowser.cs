using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Console;

/// <summary>The browser of a person who is signed in at <c>/account</c>.</summary>
internal sealed partial class AccountBrowser : IDisposable
{
    private readonly GatewayHost _gateway;

    private AccountBrowser(GatewayHost gateway, FormBrowser browser) => (_gateway, Browser) = (gateway, browser);

    public FormBrowser Browser { get; }

    /// <summary>Opens the page, signs in where it leads, and ends up there again.</summary>
    public static async Task<AccountBrowser> SignInAsync(GatewayHost gateway, string email)
    {
        var browser = new FormBrowser();
        await BrowserlessSignIn.SignInAsync(browser, new Uri($"{gateway.ListensAt}/account"), email, CancellationToken.None);
        return new AccountBrowser(gateway, browser);
    }

    /// <summary>Opens a page, here or at another replica.</summary>
    public Task<BrowserPage> OpenAsync(string path = "/account", GatewayHost? replica = null) =>
        Browser.GetAsync(new Uri((replica ?? _gateway).ListensAt + path), CancellationToken.None);

    /// <summary>Sends the first form of a page that goes to <paramref name="action"/>, with some fields changed or, when null, left out.</summary>
    public Task<BrowserPage> SubmitAsync(BrowserPage page, string action, params (string Name, string? Value)[] changes)
    {
        var form = page.Forms.First(form => form.Action.AbsolutePath == action);
        var fields = form.Fields
            .Where(field => field.Name is not null && field.Type != "submit" && (field.Type != "checkbox" || field.IsChecked))
            .Select(field => KeyValuePair.Create(field.Name!, (string?)field.Value))
            .Where(field => !changes.Any(change => change.Name == field.Key))
            .Concat(changes.Select(change => KeyValuePair.Create(change.Name, change.Value)));
        return Browser.PostAsync(form.Action, [.. fields.Where(field => field.Value is not null).Select(field => KeyValuePair.Create(field.Key, field.Value!))], CancellationToken.None);
    }

    /// <summary>Fills in the form for a new token, with all scopes ticked unless told otherwise.</summary>
    public async Task<BrowserPage> AskForTokenAsync(string name, params (string Name, string? Value)[] changes) =>
        await SubmitAsync(await OpenAsync("/account/tokens/new"), "/account/tokens/new", [("name", name), .. changes]);

    /// <summary>Makes a token and copies it from the page.</summary>
    public async Task<string> MakeTokenAsync(string name, params (string Name, string? Value)[] changes)
    {
        var page = await AskForTokenAsync(name, changes);
        return TokenIn(page.Html) ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{page.Status}: {page.Html}"));
    }

    /// <summary>The id in the form that removes a token.</summary>
    public static string IdOf(BrowserPage account, string name) => WebUtility.HtmlDecode(Entry(account, name)
        .Forms.Single(form => form.Action.AbsolutePath == "/account/tokens/remove")
        .Fields.Single(field => field.Name == "token").Value);

    /// <summary>The part of the page that is about the client or token of this name; empty when there is none.</summary>
    public static BrowserPage Entry(BrowserPage account, string name) => account with
    {
        Html = ListItem().Matches(account.Html).Select(item => item.Value).FirstOrDefault(item => item.Contains($"<h3>{name}</h3>", StringComparison.Ordinal)) ?? "",
    };

    public static string? TokenIn(string html) => TokenText().Match(html) is { Success: true } token ? token.Value : null;

    public void Dispose() => Browser.Dispose();

    [GeneratedRegex("cortex_pat_[0-9a-f]{72}")]
    private static partial Regex TokenText();

    [GeneratedRegex("<li>.*?</li>", RegexOptions.Singleline)]
    private static partial Regex ListItem();
}
