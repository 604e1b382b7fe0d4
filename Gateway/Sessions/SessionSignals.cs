using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Cortex.Foundation.Storage;

namespace Cortex.Sessions;

/// <summary>
/// Tells whoever listens for a session, on any replica, what happened to it. Wire on the bus: the kind's byte, the session's key, LF, the subject.
/// Delivery is best effort: after <see cref="Missed"/> a listener has to look for itself. What ends calls is remembered for a moment, for calls that
/// do not listen yet. Thread-safe.
/// </summary>
internal sealed partial class SessionSignals(ISharedState state, TimeProvider time, ILogger<SessionSignals> logger) : IHostedService
{
    private const string Channel = "sessions";

    private readonly ConcurrentDictionary<SessionKey, ImmutableArray<Action<SessionSignal>>> _listeners = new();
    private readonly RecentSignals _recent = new(time);
    private IAsyncDisposable? _subscription;

    /// <summary>Raised when signals may have been missed. Handlers must not block.</summary>
    public event Action? Missed
    {
        add => state.BusInterrupted += value;
        remove => state.BusInterrupted -= value;
    }

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _subscription = await state.SubscribeAsync(Channel, Deliver, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_subscription is not null)
            await _subscription.DisposeAsync();
    }

    /// <summary>
    /// Tells every replica, this one included. Where the bus fails, this one alone is told: what the signal is about has happened all the same, and the others
    /// find it at their next look.
    /// </summary>
    public async ValueTask SendAsync(SessionSignal signal, CancellationToken cancellationToken)
    {
        try
        {
            await state.PublishAsync(Channel, Encoding.UTF8.GetBytes($"{(char)('0' + (int)signal.Kind)}{signal.Session}\n{signal.Subject}"), cancellationToken);
        }
        catch (SharedStateException exception)
        {
            Log.NotSent(logger, exception, signal.Kind);
            Deliver(signal);
        }
    }

    /// <summary>True when this signal came a moment ago, maybe before anybody listened. Only <see cref="SessionSignalKind.Ended"/> and <see cref="SessionSignalKind.Cancelled"/> are remembered.</summary>
    public bool WasHeard(SessionSignal signal) => _recent.Contains(signal);

    /// <summary>Calls <paramref name="handler"/> for each signal of the session until the result is disposed. The handler must not block.</summary>
    public IDisposable Listen(SessionKey session, Action<SessionSignal> handler)
    {
        _listeners.AddOrUpdate(session, [handler], (_, handlers) => handlers.Add(handler));
        return new Listener(this, session, handler);
    }

    private void Deliver(ReadOnlyMemory<byte> message)
    {
        var text = Encoding.UTF8.GetString(message.Span);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 2)
            return;
        Deliver(new SessionSignal((SessionSignalKind)(text[0] - '0'), new SessionKey(text[1..end]), text[(end + 1)..]));
    }

    /// <summary>Remembers before it tells, so that whoever begins to listen meanwhile hears of it in one way or the other.</summary>
    private void Deliver(SessionSignal signal)
    {
        if (signal.Kind is SessionSignalKind.Ended or SessionSignalKind.Cancelled)
            _recent.Add(signal);
        if (!_listeners.TryGetValue(signal.Session, out var handlers))
            return;
        foreach (var handler in handlers)
            handler(signal);
    }

    private void Remove(SessionKey session, Action<SessionSignal> handler)
    {
        while (_listeners.TryGetValue(session, out var handlers))
        {
            var rest = handlers.Remove(handler);
            if (rest.IsEmpty ? _listeners.TryRemove(KeyValuePair.Create(session, handlers)) : _listeners.TryUpdate(session, rest, handlers))
                return;
        }
    }

    private sealed class Listener(SessionSignals signals, SessionKey session, Action<SessionSignal> handler) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                signals.Remove(session, handler);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3301, LogLevel.Warning, "Other replicas could not be told of a session: {Kind}. They find out at their next look.", EventName = "session.signal.failed")]
        public static partial void NotSent(ILogger logger, Exception exception, SessionSignalKind kind);
    }
}
