using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Governance.Limits;

/// <summary>Counts what limits ask of a shared state.</summary>
internal sealed class CountingState(ISharedState state) : PassingState(state)
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public override ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => Count(base.FindAsync(key, cancellationToken));

    public override ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Count(base.TryAddAsync(key, value, lifetime, cancellationToken));

    public override ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Count(base.TryReplaceAsync(key, expected, value, lifetime, cancellationToken));

    private ValueTask<T> Count<T>(ValueTask<T> call)
    {
        Interlocked.Increment(ref _calls);
        return call;
    }
}
