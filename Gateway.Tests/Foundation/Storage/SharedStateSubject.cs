using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>Which shared state the contract is run against.</summary>
internal enum SharedStateKind
{
    InProcess,
    Redis,
}

/// <summary>A shared state with its means of letting time pass: a fake clock in process, the real one on Redis.</summary>
internal sealed class SharedStateSubject(ISharedState state, FakeTimeProvider? clock, RecordingLogger<RedisBus> log, IReadOnlyList<IAsyncDisposable> owned) : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public ISharedState State => state;

    /// <summary>What the bus over Redis wrote in the log.</summary>
    public RecordingLogger<RedisBus> Log => log;

    public static async Task<SharedStateSubject> CreateAsync(SharedStateKind kind)
    {
        if (kind == SharedStateKind.InProcess)
        {
            var clock = new FakeTimeProvider();
            var state = new InProcessSharedState(clock, NullLogger<InProcessSharedState>.Instance);
            return new SharedStateSubject(state, clock, new RecordingLogger<RedisBus>(), [state]);
        }

        return await ConnectAsync((await RedisServer.SharedAsync()).NextConnectionString());
    }

    /// <summary>One replica's way to a Redis.</summary>
    public static async Task<SharedStateSubject> ConnectAsync(string connectionString)
    {
        var connection = new RedisConnection(connectionString, TimeProvider.System);
        await connection.PrepareAsync(CancellationToken.None);
        var log = new RecordingLogger<RedisBus>();
        var bus = new RedisBus(connection, TimeProvider.System, log);
        return new SharedStateSubject(new RedisSharedState(connection, bus), clock: null, log, [bus, connection]);
    }

    /// <summary>Lets time pass until <paramref name="condition"/> holds; false when it does not within ten seconds.</summary>
    public async Task<bool> EventuallyAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
            {
                return false;
            }

            clock?.Advance(Step);
            await Task.Delay(Step);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in owned)
        {
            await disposable.DisposeAsync();
        }
    }
}

/// <summary>What the fixtures of the contract have in common.</summary>
internal abstract class SharedStateContract(SharedStateKind kind)
{
    protected static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    protected static readonly TimeSpan Short = TimeSpan.FromMilliseconds(60);

    protected SharedStateSubject Subject { get; private set; } = null!;

    protected ISharedState State => Subject.State;

    [SetUp]
    public async Task CreateAsync() => Subject = await SharedStateSubject.CreateAsync(kind);

    [TearDown]
    public async Task DisposeAsync() => await Subject.DisposeAsync();

    /// <summary>Runs the same step 64 times at once.</summary>
    protected static Task<T[]> AtOnceAsync<T>(Func<int, Task<T>> step) =>
        Task.WhenAll(Enumerable.Range(0, 64).Select(number => Task.Run(() => step(number))));
}
