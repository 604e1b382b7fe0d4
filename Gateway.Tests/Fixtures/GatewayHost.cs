using System.Net;
using Cortex.Builtins;
using Cortex.Builtins.Resources;
using Cortex.Catalog;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Configuration.Reload;
using Cortex.Foundation.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Fixtures;

/// <summary>
/// The real gateway on a real port of this machine, on a configuration file of its own. Replicas share a <see cref="TestStorage"/>, the
/// vault key and the public address.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    /// <summary>The key that all replicas under test share, under the id <c>test</c>.</summary>
    internal const string VaultKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly string _folder;
    private readonly TestStorage _storage;
    private readonly bool _ownsStorage;

    private GatewayHost(string folder, TestStorage storage, bool ownsStorage, WebApplication app, string url, string listensAt)
    {
        _folder = folder;
        _storage = storage;
        _ownsStorage = ownsStorage;
        App = app;
        Url = url;
        ListensAt = listensAt;
    }

    public WebApplication App { get; }

    /// <summary>The public origin, without a trailing slash.</summary>
    public string Url { get; }

    /// <summary>Where this replica listens; the public origin unless it is a second one.</summary>
    public string ListensAt { get; }

    public string McpUrl => $"{Url}/mcp";

    /// <summary>The main configuration file.</summary>
    public string ConfigFile => Path.Combine(_folder, "cortex.yaml");

    public TestStorage Storage => _storage;

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Starts a gateway and waits until every backend was tried.</summary>
    /// <param name="yaml">The configuration; public address, storage and vault key are added.</param>
    /// <param name="storage">What it shares with other replicas; null: its own.</param>
    /// <param name="dialect">The kind of its own storage; null: <see cref="TestStorage.Default"/>.</param>
    /// <param name="environmentName">The hosting environment.</param>
    /// <param name="publicUrl">The public address of a second replica; null: its own.</param>
    /// <param name="port">Where it listens; null: where there is room.</param>
    /// <param name="customize">Last say over what is registered.</param>
    /// <param name="builtins">True for the builtins that the configuration names; false for none, so that lists hold what backends offer.</param>
    public static async Task<GatewayHost> StartAsync(
        string yaml,
        TestStorage? storage = null,
        DatabaseDialect? dialect = null,
        string environmentName = "Development",
        string? publicUrl = null,
        int? port = null,
        Action<WebApplicationBuilder>? customize = null,
        bool builtins = false)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-gateway-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "cortex.yaml"), yaml);
        var ownsStorage = storage is null;
        storage ??= await TestStorage.CreateAsync(dialect ?? TestStorage.Default);
        var listensAt = $"http://localhost:{port ?? ServerProcess.FreePort()}";
        var configuration = LiveConfiguration.Load(Path.Combine(folder, "cortex.yaml"), Sections.All, Overrides(storage, publicUrl ?? listensAt));
        var app = GatewayApplication.Build(configuration, listensAt, environmentName, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton(new ReloadInterval(TimeSpan.FromMilliseconds(100)));
            builder.Services.AddSingleton(new CatalogSchedule { FirstRetry = TimeSpan.FromMilliseconds(50) });
            if (!builtins)
                builder.Services.RemoveAll<IBuiltin>().RemoveAll<IOwnResource>();
            customize?.Invoke(builder);
        });
        await GatewayApplication.StartAsync(app, CancellationToken.None);
        var host = new GatewayHost(folder, storage, ownsStorage, app, publicUrl ?? listensAt, listensAt);
        await host.WaitUntilReadyAsync();
        return host;
    }

    /// <summary>Waits until <c>/readyz</c> says so.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var http = new HttpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await http.GetAsync(new Uri($"{ListensAt}/readyz"), deadline.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
                return;
            await Task.Delay(25, deadline.Token);
        }
    }

    /// <summary>Waits until <c>/readyz</c> says that the catalog of a backend, added while the gateway ran, was read.</summary>
    public async Task WaitForBackendAsync(string id)
    {
        using var http = new HttpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(await http.GetStringAsync(new Uri($"{ListensAt}/readyz"), deadline.Token)).Contains($"\"backend:{id}\":{{\"state\":\"ready\"", StringComparison.Ordinal))
            await Task.Delay(25, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (_ownsStorage)
            await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Dictionary<string, string?> Overrides(TestStorage storage, string publicUrl)
    {
        var overrides = new Dictionary<string, string?>
        {
            ["CORTEX__gateway__publicUrl"] = publicUrl,
            ["CORTEX__storage__database"] = storage.Database.Address,
            ["CORTEX__vault__keys__0__id"] = "test",
            ["CORTEX__vault__keys__0__key"] = VaultKey,
        };
        if (storage.Redis is not null)
            overrides["CORTEX__storage__redis"] = storage.Redis;
        return overrides;
    }
}
