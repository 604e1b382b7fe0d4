using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;

namespace Cortex.Identity.Callers;

/// <summary>
/// Tells every replica what was revoked, so that a cached token stops at once. What was revoked is on record before it is told
/// (<see cref="TokenStands"/>), so that the message is needed only for tokens that a replica has seen already: one that may have missed
/// messages drops those, and looks each up again. A message that can't be sent is kept and sent when the bus is back. Wire on the bus: Unix
/// milliseconds, LF, the id; without an id, every token that was seen is to be looked up again. Thread-safe.
/// </summary>
internal sealed partial class Revocations(
    ISharedState state, TokenCache cache, GatewayAddresses addresses, TimeProvider time, ILogger<Revocations> logger) : BackgroundService
{
    private const string BusChannel = "revocations";
    private const int MaxUnsent = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<byte[]> _unsent =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxUnsent) { FullMode = BoundedChannelFullMode.DropOldest });

    private IAsyncDisposable? _subscription;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = await state.SubscribeAsync(BusChannel, Deliver, cancellationToken);
        state.BusInterrupted += cache.Clear;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        state.BusInterrupted -= cache.Clear;
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }

    /// <summary>Refuses, here and at every replica, the tokens of the embedded server that bear this id.</summary>
    /// <param name="id">The server's id of a token or of a grant, as it is on record by now.</param>
    /// <param name="until">When the last such token would have ended.</param>
    public ValueTask TellAsync(string id, DateTimeOffset until)
    {
        cache.Revoke(addresses.Issuer, id, until);
        return SendAsync($"{until.ToUnixTimeMilliseconds()}\n{id}");
    }

    /// <summary>Has every replica look up again every token it has seen.</summary>
    public ValueTask TellAllAsync()
    {
        cache.Clear();
        return SendAsync("0\n");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in _unsent.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TrySendAsync(message))
                await Task.Delay(Pause, time, stoppingToken);
        }
    }

    // What was revoked must be told whether or not whoever asked still waits.
    private async ValueTask SendAsync(string text)
    {
        var message = Encoding.UTF8.GetBytes(text);
        if (!await TrySendAsync(message))
            _unsent.Writer.TryWrite(message);
    }

    private async ValueTask<bool> TrySendAsync(byte[] message)
    {
        try
        {
            await state.PublishAsync(BusChannel, message, CancellationToken.None);
            return true;
        }
        catch (SharedStateException exception)
        {
            Log.NotSent(logger, exception);
            return false;
        }
    }

    private void Deliver(ReadOnlyMemory<byte> message)
    {
        var text = Encoding.UTF8.GetString(message.Span);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || !long.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var until))
            return;
        if (end + 1 == text.Length)
            cache.Clear();
        else
            cache.Revoke(addresses.Issuer, text[(end + 1)..], DateTimeOffset.FromUnixTimeMilliseconds(until));
    }

    private static partial class Log
    {
        [LoggerMessage(3020, LogLevel.Warning, "A revocation could not be told to the other replicas; it is tried again until it can", EventName = "revocation.not_sent")]
        public static partial void NotSent(ILogger logger, Exception exception);
    }
}
