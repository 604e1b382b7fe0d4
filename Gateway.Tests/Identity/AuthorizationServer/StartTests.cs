using System.Net;
using System.Text.Json;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>What holds at start: where the development sign-in may run, keys and sessions that survive, and the server switched off.</summary>
internal sealed class StartTests
{
    [TestCase("Production")]
    [TestCase("Staging")]
    public void Development_sign_in_refuses_to_start_outside_development(string environment)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Compose(environment, ""))!;

        Assert.That(refusal.Message, Does.Contain("identity.authorizationServer.signIn").And.Contain("allowDevelopmentSignIn: true").And.Contain(environment));
    }

    [Test]
    public void Development_sign_in_starts_anywhere_when_told_so() =>
        Assert.DoesNotThrow(() => Compose("Production", "identity: {authorizationServer: {allowDevelopmentSignIn: true}}"));

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
            var again = new TestClient(after, JsonSerializer.SerializeToElement(new { client_id = client.Id }));
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

    private static void Compose(string environment, string identity)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-as-").FullName;
        try
        {
            AuthorizationServerHost.Compose(
                WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment }), folder, identity);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
