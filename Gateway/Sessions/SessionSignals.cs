using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Cortex.Foundation.Storage;

namespace Cortex.Sessions;

/// <summary>
/// Tells whoever listens for a session, on any replica, what happened to it. Wire on the bus: the kind's byte, the session's key, LF, the subject.
/// Delivery is best effort: after <see cref="Missed"/> a listener has to look for itself. Thread-safe.
/// </summary>
internal sealed class SessionSignals(ISharedState state) : IHostedService
{
    private const string Channel = "sessions";

    private readonly ConcurrentDictionary<SessionKey, ImmutableArray<Action<SessionSignal>>> _listeners = new();
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

    /// <summary>Tells every replica, this one included.</summary>
    public ValueTask SendAsync(SessionSignal signal, CancellationToken cancellationToken) =>
        state.PublishAsync(Channel, Encoding.UTF8.GetBytes($"{(char)('0' + (int)signal.Kind)}{signal.Session}\n{signal.Subject}"), cancellationToken);

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
        var signal = new SessionSignal((SessionSignalKind)(text[0] - '0'), new SessionKey(text[1..end]), text[(end + 1)..]);
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
}
