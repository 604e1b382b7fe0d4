using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer.SignIn;

namespace Cortex.Tests.Clients;

/// <summary>A gateway whose people sign in by a link in a mail, or at a real OpenID provider, and one of these people.</summary>
internal sealed class SignInStage : IAsyncDisposable
{
    public const string MagicLink = "magicLink";
    public const string Oidc = "oidc";

    private const string Provider = "sso";

    private readonly CaptureBackend _backend;
    private readonly SmtpSink? _sink;
    private readonly Webmail? _webmail;
    private readonly OpenIdProvider? _provider;

    private SignInStage(CaptureBackend backend, GatewayHost gateway, SmtpSink? sink, Webmail? webmail, OpenIdProvider? provider) =>
        (_backend, Gateway, _sink, _webmail, _provider) = (backend, gateway, sink, webmail, provider);

    public GatewayHost Gateway { get; }

    public static async Task<SignInStage> StartAsync(string signIn)
    {
        var backend = await NotesCapture.StartAsync();
        if (signIn == MagicLink)
        {
            var sink = SmtpSink.Start();
            var webmail = new Webmail(sink);
            await webmail.StartAsync();
            return new SignInStage(backend, await StartGatewayAsync(backend, $"signIn: [magicLink], {sink.Settings()}"), sink, webmail, null);
        }

        var port = ServerProcess.FreePort();
        var provider = await OpenIdProvider.StartAsync($"http://localhost:{port}/signin/oidc/{Provider}");
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, OpenIdProvider.ClientSecret);
        var gateway = await StartGatewayAsync(
            backend,
            $$"""signIn: [oidc], providers: { {{Provider}}: { issuer: "{{provider.Issuer}}", clientId: {{OpenIdProvider.ClientId}}, clientSecret: "${file:{{secret}}}" } }""",
            port);
        File.Delete(secret);
        return new SignInStage(backend, gateway, null, null, provider);
    }

    /// <summary>What a client script is told of the person.</summary>
    public IReadOnlyList<string> Describe(string name) =>
        _webmail is null ? ["--login", "alice"] : ["--email", AddressOf(name), "--mailbox", _webmail.Url];

    /// <summary>The person with a browser of their own: from what a client opens to its redirect URI.</summary>
    public async Task<Uri> AuthorizeAsync(Uri address, string name, Func<string, bool> keepScope)
    {
        if (_webmail is null)
        {
            using var browser = new OidcBrowser(Gateway.Url);
            return await AllowAsync(browser.Pages, await browser.SignInAsync(Provider, "alice", address), keepScope);
        }

        using var reader = new MagicLinkBrowser(Gateway.Url);
        await reader.AskAsync(AddressOf(name), address);
        Uri? link = null;
        if (!await Eventually.HoldsAsync(() => (link = _webmail.TryTake(AddressOf(name))) is not null))
            throw new InvalidOperationException($"No mail came to {AddressOf(name)}.");
        return await AllowAsync(reader.Pages, await reader.PressAsync(await reader.OpenAsync(link!)), keepScope);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _backend.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
        if (_webmail is not null)
            await _webmail.DisposeAsync();
        if (_sink is not null)
            await _sink.DisposeAsync();
    }

    private static string AddressOf(string name) => $"{name}@example.com";

    private static Task<GatewayHost> StartGatewayAsync(CaptureBackend backend, string server, int? port = null) => GatewayHost.StartAsync(
        $$"""
        identity: { authorizationServer: { {{server}} } }
        limits: { magicLinks: { addressPerHour: off, networkPerHour: off } }
        {{NotesCapture.Yaml(backend)}}
        """,
        port: port);

    private static async Task<Uri> AllowAsync(FormBrowser browser, BrowserPage page, Func<string, bool> keepScope)
    {
        if (page.Leaves is { } remembered)
            return remembered;
        var form = page.FormWith(field => field is { Type: "submit", Value: "allow" });
        return (await browser.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "allow", keepScope), CancellationToken.None)).Leaves
            ?? throw new InvalidOperationException("The consent did not lead back to the client.");
    }
}
