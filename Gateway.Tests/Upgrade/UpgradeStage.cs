using Cortex.Foundation.Storage;
using Cortex.Tests.Cli;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using NUnit.Framework;

namespace Cortex.Tests.Upgrade;

/// <summary>
/// What gateways of two builds share: PostgreSQL and Redis, the backends <c>tickets</c> and <c>canva</c>, at which persons link accounts, and a
/// configuration as the chart writes it. Who serves does not migrate, and who is told to go serves on until he is told again.
/// </summary>
internal sealed class UpgradeStage : IAsyncDisposable
{
    public const string Scopes = "mcp:notes:read mcp:canva offline_access";

    private readonly TestStorage _storage;
    private readonly CaptureBackend _backend;
    private readonly LinkedProvider _provider;
    private readonly LinkedServer _linked;

    private UpgradeStage(TestStorage storage, CaptureBackend backend, LinkedProvider provider, LinkedServer linked) =>
        (_storage, _backend, _provider, _linked) = (storage, backend, provider, linked);

    /// <summary>The public address, where the first gateway listens.</summary>
    public string Url { get; } = $"http://127.0.0.1:{ServerProcess.FreePort()}";

    public static async Task<UpgradeStage> StartAsync()
    {
        var backend = await CaptureBackend.StartAsync();
        backend.ListTools(CaptureBackend.Tool("list", "mcp:notes:read"));
        var provider = await LinkedProvider.StartAsync();
        return new UpgradeStage(await TestStorage.CreateAsync(DatabaseDialect.PostgreSql), backend, provider, await LinkedServer.StartAsync(provider.Issuer));
    }

    /// <summary>Runs <c>cortex migrate</c> of a build, as the chart's job does.</summary>
    public async Task MigrateAsync(string program)
    {
        await using var job = GatewayProcess.StartOther(program, GatewayProcess.FolderWith(Yaml), ["migrate", "--config", "cortex.yaml"], Variables);
        Assert.That(await job.EndAsync(), Is.Zero, job.Error);
    }

    /// <summary>Starts the gateway of a build and waits until it is ready.</summary>
    public Task<GatewayProcess> ServeAsync(string program, string url) => GatewayProcess.ServeOtherAsync(program, GatewayProcess.FolderWith(Yaml), url, Variables);

    public async ValueTask DisposeAsync()
    {
        await _linked.DisposeAsync();
        await _provider.DisposeAsync();
        await _backend.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private string Yaml => $$"""
        gateway:
          publicUrl: {{Url}}
          drain: { delay: 10m, deadline: 1m }
        storage: { migrate: never }
        identity:
          authorizationServer: { allowDevelopmentSignIn: true }
        backends:
          tickets: { kind: contract, url: "{{_backend.Url}}" }
          canva: { kind: mcp, url: "{{_linked.Url}}", auth: linkedAccount, catalog: perPerson }
        """;

    private (string, string?)[] Variables =>
    [
        ("CORTEX__storage__database", _storage.Database.Address),
        ("CORTEX__storage__redis", _storage.Redis),
        ("CORTEX__vault__keys__0__id", "test"),
        ("CORTEX__vault__keys__0__key", GatewayHost.VaultKey),
    ];
}
