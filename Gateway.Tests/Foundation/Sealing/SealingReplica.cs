using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>A gateway reduced to storage and sealing, registered as the real one registers them.</summary>
internal sealed class SealingReplica : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private SealingReplica(ServiceProvider services) => _services = services;

    public SigningKeys Keys => _services.GetRequiredService<SigningKeys>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts it: runs every preparation in the order of registration.</summary>
    public static Task<SealingReplica> StartAsync(string database, string baseDirectory, params VaultKeyOptions[] keys) =>
        StartAsync(database, baseDirectory, TimeProvider.System, keys);

    /// <summary>The same with a clock of its own.</summary>
    public static async Task<SealingReplica> StartAsync(string database, string baseDirectory, TimeProvider time, params VaultKeyOptions[] keys)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddStorage(new StorageOptions { Database = database }, baseDirectory);
        services.AddSealing(new VaultOptions { Keys = keys }, baseDirectory);
        var replica = new SealingReplica(services.BuildServiceProvider());
        try
        {
            foreach (var preparation in replica._services.GetServices<IPreparation>())
            {
                await preparation.PrepareAsync(default);
            }

            return replica;
        }
        catch (SealingException)
        {
            await replica.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
