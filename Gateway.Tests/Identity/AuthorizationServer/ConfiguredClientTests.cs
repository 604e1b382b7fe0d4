using System.Net;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Configured clients come and go with the configuration, and what reaches a backend from a machine speaks of no person.</summary>
internal sealed class ConfiguredClientTests
{
    private const string Secret = "a-secret-of-a-machine-0123456789";

    private string _secretFile = null!;
    private CaptureBackend _backend = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _secretFile = Path.Combine(Directory.CreateTempSubdirectory("cortex-client-").FullName, "secret");
        await File.WriteAllTextAsync(_secretFile, Secret);
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"));
        _gateway = await GatewayHost.StartAsync(Yaml("report"));
        _http = new HttpClient { BaseAddress = new Uri(_gateway.ListensAt) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_secretFile)!, recursive: true);
    }

    [Test]
    public async Task Machine_calls_a_tool_and_the_backend_learns_of_no_person()
    {
        _backend.Reply("read", "{}");
        using var machine = TestPerson.With(_gateway, (await AskAsync("report")).AccessToken, "report");

        var reply = await machine.CallAsync("notes_read");

        Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
        var call = _backend.Calls("read")[^1];
        Assert.Multiple(() =>
        {
            Assert.That((call.Token!.Subject, call.Token.GetClaim("client_id").Value), Is.EqualTo(("report", "report")));
            Assert.That(call.Token.Claims.Select(claim => claim.Type), Has.None.AnyOf("email", "name", "role", "pool"));
            Assert.That(call.Headers.Keys, Has.None.AnyOf("X-Cortex-User-Email", "X-Cortex-User-Role", "X-Cortex-User-Pool"));
        });
    }

    [Test]
    public async Task Client_comes_and_goes_with_the_configuration()
    {
        await File.WriteAllTextAsync(_gateway.ConfigFile, Yaml("report", "passing"));
        Assert.That(await EventuallyAsync(async () => (await AskAsync("passing")).Status == HttpStatusCode.OK), Is.True);
        using var machine = TestPerson.With(_gateway, (await AskAsync("passing")).AccessToken, "passing");
        Assert.That((await machine.CallAsync("notes_read")).Status, Is.EqualTo(200));

        await File.WriteAllTextAsync(_gateway.ConfigFile, Yaml("report"));

        Assert.That(await EventuallyAsync(async () => (await AskAsync("passing")).Error == "invalid_client"), Is.True);
        Assert.That(await EventuallyAsync(async () => (await machine.CallAsync("notes_read")).Status == 401), Is.True);
        Assert.That((await AskAsync("report")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private Task<TokenReply> AskAsync(string client) => TestClient.PostAsync(
        _http, "/oauth/token", [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", Secret), ("resource", _gateway.McpUrl)]);

    private string Yaml(params string[] clients) => $$"""
        identity:
          authorizationServer:
            clients: [{{string.Join(", ", clients.Select(client => $"{{ id: {client}, secret: '${{file:{_secretFile}}}', grants: [client_credentials], scopes: ['mcp:notes:read'] }}"))}}]
        backends:
          notes: { kind: contract, url: "{{_backend.Url}}" }
        """;

    private static async Task<bool> EventuallyAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
                return false;
            await Task.Delay(25);
        }

        return true;
    }
}
