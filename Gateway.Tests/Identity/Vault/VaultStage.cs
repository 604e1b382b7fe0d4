using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Foundation.Sealing;
using Cortex.Tests.Foundation.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cortex.Tests.Identity.Vault;

/// <summary>A provider and replicas that share a database and state.</summary>
internal sealed class VaultStage : IAsyncDisposable
{
    public const string Issuer = "https://provider.example";

    public static readonly SealingKey Key = TestKeys.Key("first", 1);

    private readonly TestDatabase _database;
    private readonly string? _redis;
    private readonly InProcessSharedState _state;
    private readonly List<IAsyncDisposable> _owned = [];

    private VaultStage(TestDatabase database, TokenProvider provider, string? redis)
    {
        _database = database;
        Provider = provider;
        _redis = redis;
        _state = new InProcessSharedState(Clock, NullLogger<InProcessSharedState>.Instance);
    }

    public ShiftedClock Clock { get; } = new();

    public TokenProvider Provider { get; }

    public Database Database => _database.Database;

    /// <param name="dialect">The database.</param>
    /// <param name="redis">True for Redis; false for state in process, whose locks end by the stage's clock.</param>
    public static async Task<VaultStage> StartAsync(DatabaseDialect dialect, bool redis = false) => new(
        await TestDatabase.CreateMigratedAsync(dialect),
        await TokenProvider.StartAsync(),
        redis ? (await RedisServer.SharedAsync()).NextConnectionString() : null);

    public static GrantKey NewKey(string backend = "canva") => new(PersonId.New(TimeProvider.System), BackendId.Parse(backend));

    /// <summary>Another replica, with a way of its own to the database and to Redis.</summary>
    public async Task<VaultReplica> AddReplicaAsync(params SealingKey[] keys)
    {
        ISharedState state = _state;
        if (_redis is not null)
        {
            var subject = await SharedStateSubject.ConnectAsync(_redis);
            _owned.Add(subject);
            state = subject.State;
        }

        var replica = await VaultReplica.StartAsync(_database.OpenAgain(), state, Clock, keys is [] ? [Key] : keys);
        _owned.Add(replica);
        return replica;
    }

    /// <summary>What a person grants, with a refresh token that counts once.</summary>
    public Grant NewGrant(string accessToken = "access-0", bool registered = false) => new()
    {
        AccessToken = accessToken,
        RefreshToken = Provider.IssueRefreshToken(),
        Client = new GrantClient { ClientId = "gateway", TokenEndpoint = Provider.Endpoint, OnLoopback = true, Resource = "https://canva.example/mcp", IsRegistered = registered },
    };

    /// <summary>A person who linked an hour's token.</summary>
    public async Task<GrantKey> LinkAsync(VaultReplica replica, Grant? grant = null)
    {
        var key = NewKey();
        await replica.Vault.LinkAsync(key, Issuer, grant ?? NewGrant(), new GrantTerms("read write", Clock.GetUtcNow().AddHours(1)), CancellationToken.None);
        return key;
    }

    public async ValueTask DisposeAsync()
    {
        for (var index = _owned.Count - 1; index >= 0; index--)
            await _owned[index].DisposeAsync();
        await _state.DisposeAsync();
        await Provider.DisposeAsync();
        await _database.DisposeAsync();
    }
}
