using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Governance.Audit;
using Cortex.Governance.Limits;
using Cortex.Identity.AuthorizationServer;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>The authorization server with the rooms it stands on, behind a real Kestrel.</summary>
internal sealed class AuthorizationServerHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SharedWriter _audit;
    private readonly TestDatabase? _ownDatabase;
    private readonly string? _ownFolder;

    private AuthorizationServerHost(WebApplication app, SharedWriter audit, string url, TestDatabase? ownDatabase, string? ownFolder)
    {
        _app = app;
        _audit = audit;
        _ownDatabase = ownDatabase;
        _ownFolder = ownFolder;
        Url = url;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(url) };
    }

    /// <summary>Origin of the server.</summary>
    public string Url { get; }

    public string Issuer => Url + "/";

    public string Resource => Url + "/mcp";

    /// <summary>Talks to the server without cookies or redirects.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public FakeTimeProvider Time => (FakeTimeProvider)Services.GetRequiredService<TimeProvider>();

    /// <summary>Everything written to the audit log's output so far.</summary>
    public string AuditLines => _audit.ToString();

    /// <summary>A server on a database of its own.</summary>
    public static async Task<AuthorizationServerHost> StartAsync(
        DatabaseDialect dialect, string identity = "", Action<IServiceCollection>? services = null, int? port = null)
    {
        var database = await TestDatabase.CreateAsync(dialect);
        var folder = Directory.CreateTempSubdirectory("cortex-as-").FullName;
        return await StartAsync(database.Address, folder, port ?? ServerProcess.FreePort(), identity, services, database, folder);
    }

    /// <summary>A server on a given database, configuration folder and port, as after a restart.</summary>
    public static Task<AuthorizationServerHost> StartAsync(TestDatabase database, string folder, int port) =>
        StartAsync(database.Address, folder, port, "", null, null, null);

    /// <summary>What the composition does before it builds the application.</summary>
    public static void Compose(WebApplicationBuilder builder, string folder, string yaml)
    {
        var file = Path.Combine(folder, "cortex.yaml");
        File.WriteAllText(file, yaml);
        var live = LiveConfiguration.Load(
            file,
            [GatewaySection.Section, StorageRegistration.Section, SealingRegistration.Section, CallersRegistration.Section, LimitsRegistration.Section],
            new Dictionary<string, string?>());
        builder.Services.AddLiveConfiguration(live);
        builder.AddObservability();
        builder.AddStorage(live);
        builder.AddSealing(live);
        builder.AddAudit();
        builder.AddLimits();
        builder.AddOutbound(live);
        builder.AddCallers(live);
        builder.AddEntitlements(live);
        builder.AddAuthorizationServer(live);
    }

    /// <summary>True once the audit log has told of something; records are written behind the reply.</summary>
    public Task<bool> HasRecordedAsync(string text) => Eventually.HoldsAsync(() => AuditLines.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownDatabase is not null)
            await _ownDatabase.DisposeAsync();
        if (_ownFolder is not null)
            Directory.Delete(_ownFolder, recursive: true);
    }

    private static async Task<AuthorizationServerHost> StartAsync(
        string database, string folder, int port, string identity, Action<IServiceCollection>? services, TestDatabase? ownDatabase, string? ownFolder)
    {
        var url = $"http://127.0.0.1:{port}";
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls(url);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.UtcNow));
        var audit = new SharedWriter();
        builder.Services.AddSingleton(new AuditOutput(TextWriter.Synchronized(audit)));
        services?.Invoke(builder.Services);
        Compose(builder, folder, $"""
            gateway: {"{"}publicUrl: "{url}"{"}"}
            storage: {"{"}database: "{database}"{"}"}
            {identity}
            """);

        var app = builder.Build();
        app.Services.GetRequiredService<KnownScopes>().Publish(new Dictionary<BackendId, ScopeSet>
        {
            [BackendId.Parse("notes")] = ScopeSet.ParseLenient("mcp:notes:read mcp:notes:write"),
        });
        foreach (var preparation in app.Services.GetServices<IPreparation>())
            await preparation.PrepareAsync(CancellationToken.None);
        app.UseAuthorizationServer();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapAuthorizationServer();
        await app.StartAsync();
        return new AuthorizationServerHost(app, audit, url, ownDatabase, ownFolder);
    }
}
