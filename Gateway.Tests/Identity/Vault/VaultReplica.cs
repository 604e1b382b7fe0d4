using System.Net;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cortex.Tests.Identity.Vault;

/// <summary>The parts of one replica that hold grants.</summary>
internal sealed class VaultReplica : IAsyncDisposable
{
    private readonly GuardedHttpClients _clients = new(Dns.GetHostAddressesAsync);

    private VaultReplica(Database database, ISharedState state, TimeProvider time, SealingKey[] keys)
    {
        Database = new CountingDatabase(database);
        State = state;
        var ring = new KeyRing(keys);
        Sealing = new GrantSealing(new Sealer(ring), ring);
        Store = new GrantStore(Database, time);
        Known = new KnownGrants(Store, state, Listeners, time, NullLogger<KnownGrants>.Instance);
        Provider = new TokenEndpoint(_clients, time);
        Vault = new PersonVault(Store, Known, Sealing, new GrantRefresh(Store, Known, Sealing, Provider, state, time, NullLogger<GrantRefresh>.Instance), time, Log);
        Resealing = new GrantResealing(Store, Known, Sealing, ring, state, time, NullLogger<GrantResealing>.Instance);
        Preparation = new VaultPreparation(Store, ring);
    }

    public CountingDatabase Database { get; }

    public ISharedState State { get; }

    public GrantSealing Sealing { get; }

    public GrantStore Store { get; }

    public GrantListeners Listeners { get; } = new();

    public KnownGrants Known { get; }

    public TokenEndpoint Provider { get; }

    public PersonVault Vault { get; }

    public VaultPreparation Preparation { get; }

    public GrantResealing Resealing { get; }

    public RecordingLogger<PersonVault> Log { get; } = new();

    public static async Task<VaultReplica> StartAsync(Database database, ISharedState state, TimeProvider time, params SealingKey[] keys)
    {
        var replica = new VaultReplica(database, state, time, keys);
        await replica.Known.StartAsync(CancellationToken.None);
        return replica;
    }

    /// <summary>The access token, or null when there is none.</summary>
    public async Task<string?> TokenAsync(GrantKey key) =>
        await Vault.FindAsync(key, CancellationToken.None) is VaultResult.Granted granted ? granted.AccessToken.Reveal() : null;

    public async Task<VaultResult> FindAsync(GrantKey key) => await Vault.FindAsync(key, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Known.StopAsync(CancellationToken.None);
        Known.Dispose();
        Resealing.Dispose();
        _clients.Dispose();
    }
}
