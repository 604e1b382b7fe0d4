using System.Net;
using Cortex.Foundation.Model;

namespace Cortex.Tests.Fixtures.Linking;

/// <summary>The browser of a person who is signed in at the gateway, and follows the provider's own pages.</summary>
internal sealed class LinkBrowser : IDisposable
{
    private const int MaxPages = 8;

    private readonly string _listensAt;

    private LinkBrowser(string listensAt, FormBrowser browser) => (_listensAt, Browser) = (listensAt, browser);

    public FormBrowser Browser { get; }

    /// <summary>Signs a person in.</summary>
    public static Task<LinkBrowser> SignInAsync(GatewayHost gateway, string email) => SignInAsync(gateway.ListensAt, email);

    /// <summary>The same at a gateway in a process of its own, by where it listens.</summary>
    public static async Task<LinkBrowser> SignInAsync(string listensAt, string email)
    {
        var browser = new FormBrowser();
        await BrowserlessSignIn.SignInAsync(browser, new Uri($"{listensAt}/account"), email, CancellationToken.None);
        return new LinkBrowser(listensAt, browser);
    }

    /// <summary>Opens a page of the gateway.</summary>
    public Task<BrowserPage> OpenAsync(string path) => Browser.GetAsync(new Uri(_listensAt + path), CancellationToken.None);

    /// <summary>Goes the whole way and gives back the gateway's last page; throws when that does not say that the account is linked.</summary>
    /// <param name="backend">Where.</param>
    /// <param name="account">Who, at the provider.</param>
    /// <param name="invitation">The address that an agent was given; null to begin without one.</param>
    public async Task<BrowserPage> LinkAsync(BackendId backend, string account, Uri? invitation = null)
    {
        var way = await BeginAsync(backend, invitation);
        var page = await OpenAsync((await GrantAsync(way, account)).PathAndQuery);
        return page.Status == HttpStatusCode.OK && page.Html.Contains("is linked", StringComparison.Ordinal)
            ? page
            : throw new InvalidOperationException($"{page.Address.AbsolutePath} answered {(int)page.Status}: {page.Html}");
    }

    /// <summary>Sends the gateway's form, and gives back where it sends the browser.</summary>
    public async Task<Uri> BeginAsync(BackendId backend, Uri? invitation = null)
    {
        var page = await SendAsync(await OpenAsync(invitation?.PathAndQuery ?? $"/link/{backend}/start"));
        return page.Leaves ?? throw new InvalidOperationException($"{page.Address} answered {(int)page.Status}: {page.Html}");
    }

    /// <summary>Sends the form of the gateway's page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="changes">Fields to send otherwise, or not at all where the value is null.</param>
    public Task<BrowserPage> SendAsync(BrowserPage page, params (string Name, string? Value)[] changes)
    {
        var form = page.FormWith(field => field.Name == "form_token");
        var fields = form.Fields
            .Where(field => field.Name is not null && field.Type != "submit" && !changes.Any(change => change.Name == field.Name))
            .Select(field => KeyValuePair.Create(field.Name!, (string?)field.Value))
            .Concat(changes.Select(change => KeyValuePair.Create(change.Name, change.Value)))
            .Where(field => field.Value is not null);
        return Browser.PostAsync(form.Action, [.. fields.Select(field => KeyValuePair.Create(field.Key, field.Value!))], CancellationToken.None);
    }

    /// <summary>Signs in and consents at the provider, and gives back the address of the gateway to which it answers, not yet visited.</summary>
    public async Task<Uri> GrantAsync(Uri authorize, string account)
    {
        var page = await Browser.GetAsync(authorize, CancellationToken.None);
        for (var pages = 0; pages < MaxPages; pages++)
        {
            if (page.Leaves is { } answer)
                return answer;
            var form = page.FormWith(field => field.Name == "prompt");
            page = await Browser.PostAsync(
                form.Action,
                form.Fields.Where(field => field.Name is not null && field.Type != "submit").Select(field => KeyValuePair.Create(field.Name!, field.Name == "login" ? account : field.Name == "password" ? "any" : field.Value)),
                CancellationToken.None);
        }

        throw new InvalidOperationException($"The provider did not come to an end; the last page was {page.Address}: {page.Html}");
    }

    public void Dispose() => Browser.Dispose();
}
