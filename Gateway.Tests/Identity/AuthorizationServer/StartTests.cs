using System.Net;
using System.Text.Json;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.SignIn;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using OpenIddict.Server.AspNetCore;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>What holds at start: where the development sign-in may run, keys and sessions that survive, and the server switched off.</summary>
internal sealed class StartTests
{
    [TestCase("Production")]
    [TestCase("Staging")]
    public void Development_sign_in_refuses_to_start_outside_development(string environment)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Compose(environment, "identity: {}"))!;

        Assert.That(refusal.Message, Does.Contain("identity.authorizationServer.signIn").And.Contain("allowDevelopmentSignIn: true").And.Contain(environment));
    }

    [Test]
    public void Development_sign_in_starts_anywhere_when_told_so() =>
        Assert.DoesNotThrow(() => Compose("Production", "identity: {authorizationServer: {allowDevelopmentSignIn: true}}"));

    [TestCase("https://gateway.example", "__Host-cortex", CookieSecurePolicy.Always)]
    [TestCase("http://localhost:8080", "cortex", CookieSecurePolicy.None)]
    public void Cookies_are_bound_to_the_host_wherever_there_is_https(string publicUrl, string name, CookieSecurePolicy policy)
    {
        using var services = Compose("Development", $"gateway: {{publicUrl: '{publicUrl}'}}").Services.BuildServiceProvider();

        var person = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(PersonSession.Scheme).Cookie;
        var form = services.GetRequiredService<IOptions<AntiforgeryOptions>>().Value.Cookie;

        Assert.That((person.Name, person.SecurePolicy, person.HttpOnly, person.SameSite, person.Path), Is.EqualTo((name, policy, true, SameSiteMode.Lax, "/")));
        Assert.That((form.Name, form.SecurePolicy, form.HttpOnly), Is.EqualTo(($"{name}-form", policy, true)));
    }

    [TestCase("https://gateway.example", false)]
    [TestCase("http://localhost:8080", true)]
    [TestCase("http://127.0.0.1:8080", true)]
    public void Plain_http_is_for_loopback_only(string publicUrl, bool allowed)
    {
        using var services = Compose("Development", $"gateway: {{publicUrl: '{publicUrl}'}}").Services.BuildServiceProvider();

        var options = services.GetRequiredService<IOptionsMonitor<OpenIddictServerAspNetCoreOptions>>().CurrentValue;

        Assert.That(options.DisableTransportSecurityRequirement, Is.EqualTo(allowed));
    }

    [Test]
    public async Task Server_that_is_off_answers_nothing()
    {
        await using var server = await AuthorizationServerHost.StartAsync(
            DatabaseDialect.Sqlite, "identity: {authorizationServer: {enabled: false}, issuers: [{issuer: 'https://login.example'}]}");

        foreach (var path in new[] { "/.well-known/oauth-authorization-server", "/.well-known/jwks.json", "/oauth/authorize", "/oauth/token", "/oauth/register", "/signin" })
        {
            using var reply = await server.Http.GetAsync(path);
            Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }

    [TestCaseSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
    public async Task Keys_clients_tokens_and_sessions_survive_a_restart(DatabaseDialect dialect)
    {
        await using var database = await TestDatabase.CreateAsync(dialect);
        var folder = Directory.CreateTempSubdirectory("cortex-as-").FullName;
        var port = ServerProcess.FreePort();
        using var browser = new FormBrowser();
        try
        {
            string keys;
            TokenReply tokens;
            TestClient client;
            await using (var before = await AuthorizationServerHost.StartAsync(database, folder, port))
            {
                keys = await before.Http.GetStringAsync("/.well-known/jwks.json");
                client = await TestClient.RegisterAsync(before);
                var answer = await BrowserlessSignIn.AuthorizeAsync(browser, client.AuthorizeUrl(), "alice@example.com", null, CancellationToken.None);
                tokens = await client.ExchangeAsync(TestClient.ParametersOf(answer)["code"]);
            }

            await using var after = await AuthorizationServerHost.StartAsync(database, folder, port);
            var again = new TestClient(after.Http, after.Url, JsonSerializer.SerializeToElement(new { client_id = client.Id }));
            var page = await browser.GetAsync(again.AuthorizeUrl(), CancellationToken.None);

            Assert.That(await after.Http.GetStringAsync("/.well-known/jwks.json"), Is.EqualTo(keys));
            Assert.That((await again.RefreshAsync(tokens.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(TestClient.ParametersOf(page.Leaves!), Does.ContainKey("code"), "The session and the consent were remembered.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static WebApplicationBuilder Compose(string environment, string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-as-").FullName;
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
            AuthorizationServerHost.Compose(builder, folder, yaml);
            return builder;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
