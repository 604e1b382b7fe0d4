using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Microsoft.Extensions.Options;

namespace Cortex.Governance.Integrity;

/// <summary>
/// Tells every replica that something about a backend was decided, or that one of them saw it offer something else. A replica that may have missed that,
/// or whose configuration changed, judges everything anew. Wire on the bus: <c>sender decided|offered backend</c>. Thread-safe.
/// </summary>
internal sealed class IntegrityBus(ISharedState state, IOptionsMonitor<IntegrityOptions> options, TimeProvider time, ILogger<IntegrityBus> logger)
    : BusFollower(state, BusChannel, time, logger)
{
    private const string BusChannel = "integrity";
    private const string Decided = "decided";
    private const string Offered = "offered";

    private readonly string _self = Guid.NewGuid().ToString("N");
    private IDisposable? _reloads;
    private long _generation;

    /// <summary>Raised at every replica, at the one that decided too. Handlers must not block.</summary>
    public event Action<IntegrityChange>? Changed;

    /// <summary>Grows with each decision, before <see cref="Changed"/>: what was judged under another one may have to be judged anew.</summary>
    public long Generation => Volatile.Read(ref _generation);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _reloads = options.OnChange((_, _) => Miss());
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        _reloads?.Dispose();
    }

    /// <summary>Something was approved, rejected, imported or reset; it is on record by now.</summary>
    public ValueTask TellDecidedAsync(BackendId backend)
    {
        Raise(new IntegrityChange(backend, IsOffer: false));
        return SendAsync(Decided, backend);
    }

    /// <summary>The baseline grew by what this replica trusted on first use.</summary>
    public ValueTask TellAdoptedAsync(BackendId backend) => SendAsync(Decided, backend);

    /// <summary>This replica saw something that is not approved.</summary>
    public ValueTask TellOfferedAsync(BackendId backend) => SendAsync(Offered, backend);

    private ValueTask SendAsync(string what, BackendId backend) => SendAsync(Encoding.ASCII.GetBytes($"{_self} {what} {backend}"));

    protected override void Deliver(ReadOnlyMemory<byte> message)
    {
        if (Encoding.ASCII.GetString(message.Span).Split(' ') is [var sender, var what, var id] && sender != _self && BackendId.TryParse(id, out var backend))
            Raise(new IntegrityChange(backend, what == Offered));
    }

    protected override void Miss() => Raise(new IntegrityChange(null, IsOffer: false));

    private void Raise(IntegrityChange change)
    {
        // What another replica saw says nothing about the list at hand, which may be older: it is to be read first.
        if (!change.IsOffer)
            Interlocked.Increment(ref _generation);
        Changed?.Invoke(change);
    }
}
