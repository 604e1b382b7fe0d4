namespace Cortex.Foundation.Storage;

/// <summary>
/// What replicas tell each other over one channel of the bus: heard from start to stop, and told until it is (see <see cref="BusOutbox"/>). What may have
/// been missed is up to <see cref="Miss"/>.
/// </summary>
internal abstract class BusFollower(ISharedState state, string busChannel, TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly BusOutbox _outbox = new(state, busChannel, time, logger);
    private IAsyncDisposable? _subscription;

    protected ISharedState State => state;

    protected TimeProvider Time => time;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = await state.SubscribeAsync(busChannel, Deliver, cancellationToken);
        state.BusInterrupted += Miss;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        state.BusInterrupted -= Miss;
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }

    /// <summary>Takes a message, of this replica too. It must not block.</summary>
    protected abstract void Deliver(ReadOnlyMemory<byte> message);

    /// <summary>Messages may have been missed. It must not block.</summary>
    protected abstract void Miss();

    /// <summary>Tells every replica, now or as soon as the bus is back; whether or not whoever asked still waits.</summary>
    protected ValueTask SendAsync(byte[] message) => _outbox.SendAsync(message);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _outbox.RunAsync(stoppingToken);
}
