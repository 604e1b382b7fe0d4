using System.Globalization;
using StackExchange.Redis;

namespace Cortex.Foundation.Storage;

/// <summary>
/// Shared state on Redis 6.2 or later. Keys are <c>cortex:key:...</c>, streams <c>cortex:log:...</c>, <c>cortex:{lock}:...</c> (one hash slot, for the fencing tokens'
/// sake) and channels <c>cortex:bus:...</c>. Run Redis with <c>maxmemory-policy noeviction</c>: an evicted key is a lost session or lock.
/// Cancelling stops the wait, not the operation.
/// </summary>
internal sealed class RedisSharedState(RedisConnection connection, RedisBus bus) : ISharedState
{
    private const string KeyPrefix = "cortex:key:";
    private const string LockPrefix = "cortex:{lock}:name:";
    private const string LogPrefix = "cortex:log:";
    private const string LastToken = "cortex:{lock}:token";

    public event Action? BusInterrupted
    {
        add => bus.Interrupted += value;
        remove => bus.Interrupted -= value;
    }

    private IDatabase Redis => connection.Multiplexer.GetDatabase();

    public async ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) =>
        (byte[]?)await RedisCall.RunAsync("read a key", Redis.StringGetAsync(KeyPrefix + key), cancellationToken);

    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await RedisCall.RunAsync("write a key", Redis.StringSetAsync(KeyPrefix + key, value.ToArray(), SharedStateArguments.Lifetime(lifetime)), cancellationToken);

    public async ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await RedisCall.RunAsync(
            "add a key",
            Redis.StringSetAsync(KeyPrefix + key, value.ToArray(), SharedStateArguments.Lifetime(lifetime), When.NotExists),
            cancellationToken);

    public async ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        (bool)await EvaluateAsync("replace a key", RedisScripts.Replace, [KeyPrefix + key], [expected.ToArray(), value.ToArray(), Milliseconds(lifetime)], cancellationToken);

    public async ValueTask<byte[]?> TakeAsync(string key, CancellationToken cancellationToken) =>
        (byte[]?)await RedisCall.RunAsync("take a key", Redis.StringGetDeleteAsync(KeyPrefix + key), cancellationToken);

    public async ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken) =>
        await RedisCall.RunAsync("remove a key", Redis.KeyDeleteAsync(KeyPrefix + key), cancellationToken);

    public async ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await RedisCall.RunAsync("touch a key", Redis.KeyExpireAsync(KeyPrefix + key, SharedStateArguments.Lifetime(lifetime)), cancellationToken);

    public async ValueTask<long> IncrementAsync(string key, long by, TimeSpan lifetime, CancellationToken cancellationToken) =>
        (long)await EvaluateAsync("increment a counter", RedisScripts.Increment, [KeyPrefix + key], [by, Milliseconds(lifetime)], cancellationToken);

    public async ValueTask<SharedLock?> TryLockAsync(string name, TimeSpan lease, CancellationToken cancellationToken)
    {
        var token = (string?)await EvaluateAsync("take a lock", RedisScripts.Lock, [LockPrefix + name, LastToken], [Milliseconds(lease)], cancellationToken);
        return token is null ? null : new Held(this, name, token);
    }

    public async ValueTask AppendAsync(string log, LogEntry entry, int keep, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await EvaluateAsync("append to a log", RedisScripts.Append, [LogPrefix + log], [keep, entry.Number, entry.Value, Milliseconds(lifetime)], cancellationToken);

    public async ValueTask<IReadOnlyList<LogEntry>> ReadAfterAsync(string log, long number, int most, CancellationToken cancellationToken)
    {
        var found = await RedisCall.RunAsync(
            "read a log", Redis.StreamRangeAsync(LogPrefix + log, $"{number + 1}-0", count: most), cancellationToken);
        return [.. found.Select(entry => new LogEntry(NumberOf(entry.Id!), (byte[])entry.Values[0].Value!))];
    }

    public async ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        await bus.PublishAsync(channel, message, cancellationToken);

    public ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        bus.SubscribeAsync(channel, handler, cancellationToken);

    private static long NumberOf(string id) => long.Parse(id.AsSpan(0, id.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture);

    private static long Milliseconds(TimeSpan lifetime) => (long)SharedStateArguments.Lifetime(lifetime).TotalMilliseconds;

    private Task<RedisResult> EvaluateAsync(string what, string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        RedisCall.RunAsync(what, Redis.ScriptEvaluateAsync(script, keys, arguments), cancellationToken);

    private sealed class Held(RedisSharedState state, string name, string token) : SharedLock
    {
        public override long FencingToken { get; } = long.Parse(token, CultureInfo.InvariantCulture);

        public override async ValueTask<bool> TryExtendAsync(TimeSpan lease, CancellationToken cancellationToken) =>
            (bool)await state.EvaluateAsync("extend a lock", RedisScripts.Extend, [LockPrefix + name], [token, Milliseconds(lease)], cancellationToken);

        public override async ValueTask DisposeAsync() =>
            await state.EvaluateAsync("release a lock", RedisScripts.Release, [LockPrefix + name], [token], CancellationToken.None);
    }
}
