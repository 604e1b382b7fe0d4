using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Governance.Integrity;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Quarantine;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cortex.Tests.Governance.Integrity;

/// <summary>The parts of one replica that hold a catalog against its baseline; a new one on the same storage is a restart.</summary>
internal sealed class IntegrityReplica : IAsyncDisposable
{
    public static readonly BackendId Backend = BackendId.Parse("bank");

    private ServiceProvider _services = null!;

    private IntegrityReplica()
    {
    }

    public IntegrityGuard Guard => _services.GetRequiredService<IntegrityGuard>();

    public IntegrityDesk Desk => _services.GetRequiredService<IntegrityDesk>();

    public BaselineExchange Exchange => _services.GetRequiredService<BaselineExchange>();

    public IntegrityBus Bus => _services.GetRequiredService<IntegrityBus>();

    public Readiness Readiness => _services.GetRequiredService<Readiness>();

    public RecordingLogger<IntegrityRecorder> Recorded { get; } = new();

    public RecordingLogger<IntegrityGuard> Guarded { get; } = new();

    public static async Task<IntegrityReplica> StartAsync(TestStorage storage, IntegrityOptions options)
    {
        var replica = new IntegrityReplica();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IOptionsMonitor<IntegrityOptions>>(new FixedOptions<IntegrityOptions>(options));
        services.AddSingleton<Readiness>();
        services.AddStorage(new StorageOptions { Database = storage.Database.Address, Redis = storage.Redis }, Path.GetTempPath());
        services.AddSealing(new VaultOptions { Keys = [new VaultKeyOptions { Id = "test", Key = new Secret(GatewayHost.VaultKey) }] }, Path.GetTempPath());
        services.AddIntegrity();
        services.AddSingleton<ILogger<IntegrityRecorder>>(_ => replica.Recorded);
        services.AddSingleton<ILogger<IntegrityGuard>>(_ => replica.Guarded);
        replica._services = services.BuildServiceProvider();
        foreach (var preparation in replica._services.GetServices<IPreparation>())
            await preparation.PrepareAsync(CancellationToken.None);
        await replica.Bus.StartAsync(CancellationToken.None);
        return replica;
    }

    /// <summary>The definitions of a list that may be served.</summary>
    public async Task<IReadOnlyList<Definition>> ServedAsync(IReadOnlyList<Definition> offered, bool isPersonal = false)
    {
        var withheld = await Guard.HoldAsync(Backend, offered, isPersonal, CancellationToken.None);
        return [.. offered.Where((_, at) => withheld[at] is null)];
    }

    /// <summary>What waits for a person.</summary>
    public async Task<IReadOnlyList<Review>> PendingAsync() => await Desk.ListAsync(Backend, QuarantineRow.Pending, null, 200, CancellationToken.None);

    public static QuarantineId IdOf(Definition definition) => QuarantineId.Of(Backend, definition.Key, definition.Fingerprint);

    public async ValueTask DisposeAsync()
    {
        await Bus.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
