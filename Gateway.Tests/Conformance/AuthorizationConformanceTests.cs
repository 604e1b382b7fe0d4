using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using NUnit.Framework;

namespace Cortex.Tests.Conformance;

/// <summary>The official suite's scenarios for an authorization server, run against the embedded one.</summary>
[Category("Conformance"), Category("Slow")]
internal sealed class AuthorizationConformanceTests
{
    [Test]
    public async Task Embedded_authorization_server_passes_every_scenario_without_a_warning()
    {
        await using var backend = await CaptureBackend.StartAsync();
        backend.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"));
        await using var gateway = await GatewayHost.StartAsync($$"""backends: { notes: { url: "{{backend.Url}}" } }""");
        using var http = new HttpClient { BaseAddress = new Uri(gateway.Url) };
        var port = ServerProcess.FreePort();
        var client = await TestClient.RegisterAsync(http, gateway.Url, new
        {
            client_name = "Conformance suite",
            redirect_uris = new[] { $"http://127.0.0.1:{port}/callback" },
            token_endpoint_auth_method = "none",
        });

        var scenarios = await ConformanceSuite.AuthorizeAsync($"{gateway.Url}/", client.Id, gateway.McpUrl, port, async address =>
        {
            using var page = await http.GetAsync(await BrowserlessSignIn.AuthorizeAsync(address, "ada@example.com", null, CancellationToken.None));
            Assert.That(page.IsSuccessStatusCode);
        });

        foreach (var scenario in scenarios)
        {
            Assert.That(scenario.HasPassed, $"{scenario.Name}: {string.Join("; ", scenario.Checks.Select(check => check.Json))}");
            Assert.That(scenario.Checks.Where(check => check.HasWarned).Select(check => check.Message), Is.Empty, scenario.Name);
        }
    }
}
