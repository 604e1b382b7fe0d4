using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>The pages of signing in, with every way on, in a real browser: by keyboard alone, and axe-core looks at each.</summary>
internal sealed class SignInPageTests
{
    private static readonly string[] Pages =
        ["sign-in-methods", "mail-sent", "link-opened", "signed-in", "link-used", "provider-unreachable", "provider-failed", "form-expired"];

    private SmtpSink _sink = null!;
    private Webmail _webmail = null!;
    private GatewayHost _gateway = null!;
    private PageWalk _walk = null!;

    [OneTimeSetUp]
    public async Task WalkAsync()
    {
        _sink = SmtpSink.Start();
        _webmail = new Webmail(_sink);
        await _webmail.StartAsync();
        _gateway = await GatewayHost.StartAsync($$"""
            identity:
              authorizationServer:
                signIn: [magicLink, oidc, development]
                {{_sink.Settings()}}
                providers:
                  staff: { issuer: "http://127.0.0.1:{{ServerProcess.FreePort()}}", clientId: gateway, displayName: Staff of Example Corporation }
                  partners: { issuer: "http://127.0.0.1:{{ServerProcess.FreePort()}}", clientId: gateway, displayName: Partners }
            """);
        _walk = await PageWalk.RunAsync("sign-in.mjs", _gateway.Url + "/signin", "kim@example.com", _webmail.Url);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _webmail.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Test]
    public void Keyboard_alone_is_enough_to_sign_in_by_a_link_and_out_again()
    {
        Assert.That(_walk.Text("signedInAs"), Is.EqualTo("Signed in as kim@example.com"));
        Assert.That(_walk.Text("signedOutAs"), Is.EqualTo("Not signed in"));
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_has_no_violations_at_phone_and_desktop_width_in_light_and_dark(string page) => _walk.RequireAccessible(page);
}
