using System.Net;
using System.Net.Http.Headers;

namespace Cortex.Tests.Fixtures;

/// <summary>A browser without scripts: keeps cookies, follows redirects within one site, reads and sends forms.</summary>
internal sealed class FormBrowser : IDisposable
{
    private const int MaxRedirects = 20;

    private readonly HttpClient _http;

    /// <param name="from">The address of this machine that requests come from, such as 127.0.0.9; null: whichever.</param>
    public FormBrowser(IPAddress? from = null)
    {
        var handler = LocalAddress.Handler(from);
        handler.CookieContainer = Cookies;
        _http = new HttpClient(handler);
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
    }

    public CookieContainer Cookies { get; } = new();

    public Task<BrowserPage> GetAsync(Uri address, CancellationToken cancellationToken) =>
        FollowAsync(address, new HttpRequestMessage(HttpMethod.Get, address), cancellationToken);

    /// <summary>Sends exactly these fields to an address.</summary>
    public Task<BrowserPage> PostAsync(Uri address, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellationToken) =>
        FollowAsync(address, new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) }, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<BrowserPage> FollowAsync(Uri start, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects < MaxRedirects; redirects++)
        {
            using var reply = await _http.SendAsync(request, cancellationToken);
            var address = request.RequestUri!;
            request.Dispose();
            var target = reply.Headers.Location is { } location ? new Uri(address, location) : null;
            if (target is null || target.GetLeftPart(UriPartial.Authority) != start.GetLeftPart(UriPartial.Authority))
                return new BrowserPage(address, reply.StatusCode, target, reply.Headers, await reply.Content.ReadAsStringAsync(cancellationToken));
            request = new HttpRequestMessage(HttpMethod.Get, target);
        }

        throw new InvalidOperationException($"{start} redirects without end.");
    }
}

/// <summary>Where a browser stands.</summary>
/// <param name="Address">The page shown.</param>
/// <param name="Status">Its status.</param>
/// <param name="Leaves">The other site it redirects to, not followed; null when it does not.</param>
/// <param name="Headers">The reply's headers.</param>
/// <param name="Html">The reply's body.</param>
internal sealed record BrowserPage(Uri Address, HttpStatusCode Status, Uri? Leaves, HttpResponseHeaders Headers, string Html)
{
    public IReadOnlyList<HtmlForm> Forms => HtmlForm.ReadAll(Address, Html);

    /// <summary>The first form with such a field; throws with the page's text when there is none.</summary>
    public HtmlForm FormWith(Func<HtmlField, bool> field) => Forms.FirstOrDefault(form => form.Fields.Any(field))
        ?? throw new InvalidOperationException($"{Address} answered {(int)Status} without the form that was looked for: {Html}");
}
